import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteLedger, type SqliteLedger } from '../../ledger/sqlite/sqlite-ledger.js';

/** A fresh folder for one ledger. */
export interface LedgerFolder {
  readonly file: string;
  readonly lockFile: string;
  remove(): void;
}

export function newFolder(): LedgerFolder {
  const folder = mkdtempSync(join(tmpdir(), 'optledger-ledger-'));
  return {
    file: join(folder, 'ledger.db'),
    lockFile: join(folder, 'ledger.lock'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A ledger of its own; `remove` closes it and takes its files away. */
export async function openTestLedger(): Promise<{
  readonly ledger: SqliteLedger;
  readonly folder: LedgerFolder;
  remove(): Promise<void>;
}> {
  const folder = newFolder();
  const ledger = await openSqliteLedger(folder);
  return {
    ledger,
    folder,
    async remove() {
      await ledger.close();
      folder.remove();
    },
  };
}

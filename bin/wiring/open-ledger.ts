import { readFileSync } from 'node:fs';
import type { Clock } from '../../domain/clock.js';
import type { CursorStore } from '../../ledger/cursor.js';
import { openKurrentLedger } from '../../ledger/kurrent/kurrent-ledger.js';
import type { Ledger, Position } from '../../ledger/ledger.js';
import { openSqliteLedger } from '../../ledger/sqlite/sqlite-ledger.js';
import { lockFile } from '../../ledger/sqlite/sqlite-lock.js';
import type { Config } from '../config.js';
import { newUuid } from '../machine/chance.js';

/** The ledger of this process, whatever it stands on. */
export interface OpenLedger extends Ledger {
  readonly cursors: CursorStore;
  /** The furthest position that this process knows of. */
  headPosition(): Position;
  /** Calls back when that moves; returns the way to stop it. */
  onAppended(listener: () => void): () => void;
  /** Resolves when the ledger can no longer be trusted and the process has to end. */
  readonly fatal: Promise<Error>;
  close(): Promise<void>;
}

interface OpenLedgerDeps {
  readonly config: Pick<Config, 'ledgerFile' | 'ledgerServer' | 'lockFile'>;
  readonly clock: Clock;
  readonly say: (line: string) => void;
}

/**
 * Opens the file, or connects to the server. Either way `DATA_DIR` is this process's alone: its views are in there.
 * @throws LedgerLocked, ForeignLedger, LedgerUrlInvalid, LedgerUnavailable
 */
export async function openLedger({ config, clock, say }: OpenLedgerDeps): Promise<OpenLedger> {
  const { ledgerFile, ledgerServer } = config;
  if (ledgerServer === undefined) return openSqliteLedger({ file: ledgerFile, lockFile: config.lockFile });
  const url = ledgerServer.url ?? readFileSync(ledgerServer.urlFile ?? '', 'utf8').trim();
  const lock = lockFile(config.lockFile);
  try {
    const ledger = await openKurrentLedger({
      url,
      clock,
      newId: newUuid,
      onBroken: ({ message }) => {
        say(`Ledger: following it was interrupted and goes on (${message})`);
      },
    });
    return { ...ledger, close: () => ledger.close().finally(() => lock.release()) };
  } catch (error) {
    lock.release();
    throw error;
  }
}

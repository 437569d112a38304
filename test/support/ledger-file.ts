import { join } from 'node:path';
import { START, type Recorded } from '../../ledger/ledger.js';
import { openSqliteLedger, type SqliteLedger } from '../../ledger/sqlite/sqlite-ledger.js';

/** Opens the ledger of a stopped instance for as long as `use` lasts. */
async function withLedgerFile<T>(dataDir: string, use: (ledger: SqliteLedger) => Promise<T>): Promise<T> {
  const file = (name: string): string => join(dataDir, name);
  const ledger = await openSqliteLedger({ file: file('ledger.db'), lockFile: file('ledger.lock') });
  try {
    return await use(ledger);
  } finally {
    await ledger.close();
  }
}

/** Every event of a stopped instance, in the ledger's order, without holding them all. */
export function eachEvent(dataDir: string, visit: (recorded: Recorded) => void): Promise<void> {
  return withLedgerFile(dataDir, async (ledger) => {
    for (let after = START; ;) {
      const page = await ledger.readAll({ after, limit: 1_000 });
      page.forEach(visit);
      const last = page.at(-1);
      if (last === undefined) return;
      after = last.position;
    }
  });
}

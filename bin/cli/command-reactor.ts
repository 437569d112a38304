import { REACTOR_CURSORS } from '../ledger/create-ledger.js';
import { openSqliteLedger } from '../ledger/sqlite-ledger.js';
import type { Config } from './config.js';

/**
 * `optledger reactor set`: puts the cursors of both lanes at one position and drops their stored batches. Nothing is
 * lost by it: what is still owed and overdue is found by the sweep.
 * @throws LedgerLocked while an instance runs; RangeError for a position that the ledger does not have yet
 */
export async function setReactor(config: Config, at: 'end' | bigint): Promise<{ readonly after: string }> {
  const ledger = await openSqliteLedger({ file: config.ledgerFile, lockFile: config.lockFile });
  try {
    const head = ledger.headPosition();
    if (at !== 'end' && at > head) throw new RangeError(`the ledger ends at position ${String(head)}`);
    const after = String(at === 'end' ? head : at);
    for (const name of REACTOR_CURSORS) {
      const kept = await ledger.cursors.load(name);
      await ledger.cursors.save(name, { after, batch: null }, kept?.version ?? 'none');
    }
    return { after };
  } finally {
    await ledger.close();
  }
}

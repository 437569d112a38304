import { openSqliteLedger } from '../ledger/sqlite-ledger.js';
import { rebuildViews } from '../projections/rebuild-views.js';
import type { Config } from './config.js';

const SAY_EVERY_MS = 500;

/**
 * `optledger views rebuild`: progress goes to `say`.
 * @throws LedgerLocked while an instance runs
 */
export async function rebuild(
  config: Config,
  say: (line: string) => void,
): Promise<{ readonly position: string }> {
  const ledger = await openSqliteLedger({ file: config.ledgerFile, lockFile: config.lockFile });
  try {
    const head = ledger.headPosition();
    let saidAt = 0;
    const position = await rebuildViews({
      file: config.viewsFile,
      ledger,
      onProgress: (at) => {
        const now = performance.now();
        if (now - saidAt < SAY_EVERY_MS) return;
        saidAt = now;
        say(`${String(at)} of ${String(head)} (${String((at * 100n) / (head === 0n ? 1n : head))} %)`);
      },
    });
    return { position: String(position) };
  } finally {
    await ledger.close();
  }
}

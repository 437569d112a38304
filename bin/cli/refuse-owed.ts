import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SCHEMA_CODEC } from '../../ledger/event-codec.js';
import type { Ledger, Position, Recorded } from '../../ledger/ledger.js';
import { rebuildViews } from '../../projections/engine/rebuild-views.js';
import { openViews } from '../../projections/views.js';
import { CommandFailed, EXIT } from './exit-codes.js';

/**
 * Folds a ledger, opened as it is stored, into views of its own, and looks whether they owe anything.
 * @throws CommandFailed where they do
 */
export async function refuseOwed(
  ledger: Ledger,
  onProgress: (events: number, position: Position) => void,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'optledger-copy-'));
  try {
    const file = join(folder, 'views.db');
    let events = 0;
    const current: Pick<Ledger, 'readAll'> = {
      async readAll(read) {
        const page = await ledger.readAll(read);
        events += page.length;
        return page.map(inNewestVersion);
      },
    };
    await rebuildViews({
      ...{ file, ledger: current },
      onProgress: (position) => {
        onProgress(events, position);
      },
    });
    const views = await openViews({ file, ledger });
    const { messages, callbacks } = views.stats().owed;
    views.close();
    if (messages + callbacks === 0) return;
    throw new CommandFailed(
      EXIT.failed,
      `${String(messages)} messages and ${String(callbacks)} callbacks are owed: start the instance and let them end`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const inNewestVersion = (recorded: Recorded): Recorded => ({
  ...recorded,
  event: SCHEMA_CODEC.parse(recorded.event),
});

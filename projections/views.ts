import type { Ledger, Position } from '../ledger/ledger.js';
import { createFoldBatch } from './engine/fold-batch.js';
import { openCurrentFile } from './engine/open-current-file.js';
import { createPositionGate } from './engine/position-gate.js';
import { runProjections } from './engine/run-projections.js';
import { readStats, type ViewStats } from './stats.js';
import { foldedPosition, readCheckpoint } from './engine/view-file.js';
import { openViewSet, type ReadSides } from './view-set.js';

/** What the ledger means now. Reads are synchronous and see whole batches only. */
export interface Views extends ReadSides {
  /** Position of the newest event folded. */
  readonly position: Position;
  /**
   * Folds until the signal aborts.
   * @throws UnfoldableEvent on an event that cannot be folded, what the ledger throws; the views then stand still
   */
  run(signal: AbortSignal): Promise<void>;
  /** Waits until an event that this process wrote can be read. @throws ViewsBehind */
  passed(position: Position, timeoutMs: number): Promise<void>;
  /** Figures for `/metrics`. */
  stats(): ViewStats;
  close(): void;
}

export interface ViewsOptions {
  readonly file: string;
  readonly ledger: Ledger;
  /** Called where an older file has to be folded anew, which takes its time, with how far that is. */
  readonly onRebuild?: (position: Position) => void;
}

/** Opens the views; a file of another schema, or of another ledger, is folded anew before this resolves. */
export async function openViews(options: ViewsOptions): Promise<Views> {
  const db = await openCurrentFile(options);
  const views = openViewSet(db);
  const fold = createFoldBatch(db, views.projections);
  const gate = createPositionGate(foldedPosition(db));
  let newestAt = timeOf(readCheckpoint(db)?.recordedAt);
  let caughtUp = false;

  return {
    ...views,
    get position() {
      return gate.position;
    },
    async run(signal) {
      try {
        await runProjections({
          ledger: options.ledger,
          after: gate.position,
          signal,
          fold,
          progressed(at) {
            caughtUp = at.caughtUp;
            if (at.last === null) return;
            newestAt = timeOf(at.last.event.meta.recordedAt);
            gate.advance(at.last.position);
          },
        });
        gate.stop(signal.reason);
      } catch (error) {
        // The events before one that cannot be folded were written.
        gate.advance(foldedPosition(db));
        gate.stop(error);
        throw error;
      } finally {
        caughtUp = false;
      }
    },
    passed: (position, timeoutMs) => gate.passed(position, timeoutMs),
    stats: () => ({ position: gate.position, newestAt, caughtUp, ...readStats(views) }),
    close: () => {
      db.close();
    },
  };
}

function timeOf(recordedAt: string | undefined): number | null {
  return recordedAt === undefined ? null : Date.parse(recordedAt);
}

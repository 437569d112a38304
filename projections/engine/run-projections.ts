import { setImmediate as nextTurn } from 'node:timers/promises';
import { CAUGHT_UP, type Ledger, type Position, type Recorded } from '../../ledger/ledger.js';
import type { FoldBatch } from './fold-batch.js';

/** So many events are folded at once; this bounds how long a fold holds the event loop. */
const BATCH = 500;

export interface ProjectionRun {
  readonly ledger: Pick<Ledger, 'subscribe'>;
  readonly after: Position;
  readonly signal: AbortSignal;
  readonly fold: FoldBatch;
  /** Called after each commit, and each time nothing newer is known. */
  readonly progressed: (at: { readonly last: Recorded | null; readonly caughtUp: boolean }) => void;
}

/** Folds the ledger from `after` on, then stays live until the signal aborts. @throws what the ledger or the fold throws */
export async function runProjections({
  ledger,
  after,
  signal,
  fold,
  progressed,
}: ProjectionRun): Promise<void> {
  let batch: Recorded[] = [];
  for await (const item of ledger.subscribe({ after, signal })) {
    const caughtUp = item === CAUGHT_UP;
    if (!caughtUp) batch.push(item);
    if (batch.length < BATCH && !caughtUp) continue;
    const events = batch;
    batch = [];
    if (events.length > 0) fold(events);
    progressed({ last: events.at(-1) ?? null, caughtUp });
    if (!caughtUp) await nextTurn();
  }
}

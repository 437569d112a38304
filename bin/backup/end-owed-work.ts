import { endRestoredMessage, parkRestoredCallback } from '../../activities/end-restored.js';
import type { Clock } from '../../domain/clock.js';
import type { Ledger } from '../../ledger/ledger.js';
import type { Lane } from '../../domain/owed.js';
import type { LaneItems, Owed, OwedKey, OwedRow } from '../../projections/owed/owed-reads.js';

/** So many items are ended at the same time, so that their events share transactions. */
const PAGE = 200;

/** Counts what was owed, by how it ended. */
export interface EndedWork {
  readonly messagesFailed: number;
  readonly repliesDropped: number;
  readonly callbacksParked: number;
}

export interface EndOwedWork {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly owed: Pick<Owed, 'overdue' | 'count'>;
  /** Resolves when the views have folded all that stands in the ledger. */
  readonly folded: () => Promise<void>;
  readonly onProgress?: (lane: Lane, done: number, of: number) => void;
}

/** Thrown where something is still owed although everything was ended: the ledger and its views do not agree. */
export class StillOwed extends Error {
  override readonly name = 'StillOwed';
}

/**
 * Ends everything that a restored ledger owes, messages first, because their ends owe callbacks. Broken off and begun
 * again it goes on where it was: what has ended is not owed.
 * @throws StillOwed; what the ledger and the endings throw
 */
export async function endOwedWork(work: EndOwedWork): Promise<EndedWork> {
  const { ledger, clock, owed, folded } = work;
  await folded();
  const messages = await endLane(work, 'messages', (item) => endRestoredMessage({ ledger, clock }, item));
  await folded();
  const callbacks = await endLane(work, 'callbacks', (item) => parkRestoredCallback({ ledger, clock }, item));
  await folded();
  const left = owed.count('messages') + owed.count('callbacks');
  if (left > 0) throw new StillOwed(`${String(left)} items are still owed after the restore ended them`);
  return {
    messagesFailed: messages.filter((end) => end === 'failed').length,
    repliesDropped: messages.filter((end) => end === 'dropped').length,
    callbacksParked: callbacks.filter(Boolean).length,
  };
}

async function endLane<L extends Lane, R>(
  { owed, onProgress }: EndOwedWork,
  lane: L,
  end: (item: LaneItems[L]) => Promise<R>,
): Promise<readonly R[]> {
  const of = owed.count(lane);
  const results: R[] = [];
  for (let key: OwedKey | null = null; ;) {
    const page: readonly OwedRow<LaneItems[L]>[] = owed.overdue(lane, Number.MAX_SAFE_INTEGER, PAGE, key);
    const last = page.at(-1);
    if (last === undefined) return results;
    key = { dueAt: last.dueAt, id: last.id };
    results.push(...(await Promise.all(page.map(({ item }) => end(item)))));
    onProgress?.(lane, results.length, of);
  }
}

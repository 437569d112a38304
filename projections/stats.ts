import type { Position } from '../ledger/ledger.js';
import type { Counts } from './views/counters.js';
import type { Lane } from '../domain/owed.js';
import type { ViewSet } from './view-set.js';

/** What stands in the rows. */
interface RowStats extends Counts {
  /** Callbacks that were given up on and wait for somebody. */
  readonly parked: number;
  /** For each lane when the item that has been due longest fell due, ms since the epoch; null when nothing is owed. */
  readonly oldestDue: Readonly<Record<Lane, number | null>>;
  /** For each lane how many items have not ended. */
  readonly owed: Readonly<Record<Lane, number>>;
}

/** How far the views are, and what stands in them. */
export interface ViewStats extends RowStats {
  /** Position of the newest event folded. */
  readonly position: Position;
  /** `recordedAt` of that event, ms since the epoch; null before the first. */
  readonly newestAt: number | null;
  /** True when the views run and have folded all events that are known. */
  readonly caughtUp: boolean;
}

export function readStats({
  callbacks,
  owed,
  counters,
}: Pick<ViewSet, 'callbacks' | 'owed' | 'counters'>): RowStats {
  return {
    ...counters.counts(),
    parked: callbacks.parkedCount(),
    oldestDue: { messages: owed.oldestDue('messages'), callbacks: owed.oldestDue('callbacks') },
    owed: { messages: owed.count('messages'), callbacks: owed.count('callbacks') },
  };
}

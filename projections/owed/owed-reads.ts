import type { Lane, OwedCallback, OwedMessage } from '../../domain/owed.js';
import type { Position } from '../../ledger/ledger.js';
import type { OwedKey, OwedLane, OwedRow } from './owed-lane.js';

export type { OwedKey, OwedRow } from './owed-lane.js';

/** What an item of each lane is. */
export interface LaneItems extends Record<Lane, OwedMessage | OwedCallback> {
  readonly messages: OwedMessage;
  readonly callbacks: OwedCallback;
}

/** What was accepted or fell due and has not ended. */
export interface Owed {
  /**
   * Items of events after a position, in ledger order. The items of one event are never parted: so many are left
   * for the next call that at most `limit` come, or all of the first event where those alone are more.
   */
  after<L extends Lane>(lane: L, position: Position, limit: number): readonly OwedRow<LaneItems[L]>[];
  /**
   * Items due at or before a time (ms since the epoch), longest due first, after `key` of the page before. Due is
   * when the event was recorded, or the time of the next try once one has failed.
   */
  overdue<L extends Lane>(
    lane: L,
    dueBefore: number,
    limit: number,
    key: OwedKey | null,
  ): readonly OwedRow<LaneItems[L]>[];
  /** When the item that has been due longest fell due (ms since the epoch); null when nothing is owed. */
  oldestDue(lane: Lane): number | null;
  /** How many items have not ended. */
  count(lane: Lane): number;
}

export type Lanes = { readonly [L in Lane]: OwedLane<LaneItems[L]> };

export function openOwed(lanes: Lanes): Owed {
  return {
    after: <L extends Lane>(lane: L, position: Position, limit: number) => lanes[lane].after(position, limit),
    overdue: <L extends Lane>(lane: L, dueBefore: number, limit: number, key: OwedKey | null) =>
      lanes[lane].overdue(dueBefore, limit, key),
    oldestDue: (lane) => lanes[lane].oldestDue(),
    count: (lane) => lanes[lane].count(),
  };
}

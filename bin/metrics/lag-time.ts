import type { Clock } from '../../domain/clock.js';
import type { Position } from '../../ledger/ledger.js';

/** Enough for hours of scrapes; while it is full new places are not remembered, so the answer only gets coarser. */
const MOST_SEEN = 1_000;

interface Seen {
  readonly at: number;
  readonly head: Position;
}

/**
 * For how long something that follows the ledger has been behind. Positions cannot tell: in a file one is an event, on a
 * server a byte.
 * @returns seconds since the head was first seen where the follower has not come yet, as fine as it is asked; 0 for one
 * that is nowhere behind what was seen
 */
export type LagTime = (head: Position, position: Position) => number;

export function createLagTime(clock: Clock): LagTime {
  let ahead: Seen[] = [];
  return (head, position) => {
    const now = clock.now();
    ahead = ahead.filter((seen) => seen.head > position);
    const [first] = ahead;
    const last = ahead.at(-1)?.head ?? position;
    if (head > last && ahead.length < MOST_SEEN) ahead.push({ at: now, head });
    return first === undefined ? 0 : Math.max(0, (now - first.at) / 1_000);
  };
}

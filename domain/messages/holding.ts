import { holdsUntil } from '../consent/held-stops.js';
import type { HeldStop } from '../events/events.js';
import { blocks, type SendFacts } from './enforcement.js';

/** What the waiting of one message rests on. */
export interface HoldFacts extends Omit<SendFacts, 'standings'> {
  /** Of every recipient. */
  readonly heldStops: readonly HeldStop[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface Hold {
  /** Milliseconds since the epoch: when the last of them no longer counts. */
  readonly until: number;
  /** The one that counts longest. */
  readonly by: HeldStop;
}

/**
 * Whether a message waits for somebody to decide over a suspected stop; null where it does not. Only marketing waits, and only
 * for what would block it, were the suspicion right.
 */
export function heldBack({ enabled, mode, kind, contentType, heldStops, now }: HoldFacts): Hold | null {
  if (!enabled || mode === 'SECONDARY' || kind === 'REPLY' || contentType !== 'CONTENT_MARKETING')
    return null;
  const last = heldStops
    .filter(({ listType }) => blocks(listType, contentType))
    .map((by) => ({ by, until: holdsUntil(by) }))
    .reduce<Hold | null>(
      (longest, one) => (longest === null || one.until > longest.until ? one : longest),
      null,
    );
  return last !== null && last.until > now ? last : null;
}

import type { ConsentChangeData, ContactState, HeldStop } from '../events/events.js';

/** Nobody keeps a sender waiting for longer by one sentence. */
const LONGEST_HOLD_MS = 72 * 3_600_000;
/** So many are remembered, so that a state stays small however often somebody writes. */
const MOST_HELD = 8;

type Held = Pick<ContactState, 'heldStops'>;

const heldOrNone = (heldStops: readonly HeldStop[]): Held => (heldStops.length === 0 ? {} : { heldStops });

/** Adds a suspected stop, in place of those whose time is over. */
export function heldAfterMessage(state: ContactState, held: HeldStop): ContactState {
  const now = Date.parse(held.since);
  const open = (state.heldStops ?? []).filter((one) => holdsUntil(one) > now);
  return { ...state, heldStops: [...open, held].slice(-MOST_HELD) };
}

/** What the person says in a keyword is their last word, and ends what they only seemed to say before. */
export function heldAfterConsent(
  { heldStops = [] }: ContactState,
  origin: ConsentChangeData['origin'],
): Held {
  return heldOrNone(origin === 'ORIGIN_MO' ? [] : heldStops);
}

/** Takes one that was decided out of the state. */
export function withoutHeld(state: ContactState, eventId: string): ContactState {
  const { heldStops = [], ...rest } = state;
  return { ...rest, ...heldOrNone(heldStops.filter((one) => one.eventId !== eventId)) };
}

/** Until when a suspected stop holds marketing, in ms since the epoch. */
export function holdsUntil({ since }: HeldStop): number {
  return Date.parse(since) + LONGEST_HOLD_MS;
}

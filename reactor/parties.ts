/** Items of one app or endpoint that may be under way, before anything is known of it. */
const FIRST_ITEMS = 200;
const FEWEST_ITEMS = 8;
const MOST_ITEMS = 1_600;
/** With fewer than these a party is slow: its batches hold nobody else's items. */
const SLOW_ITEMS = 64;
/** So many times of what it began in one batch may be under way afterwards. */
const BEARS = 2;
/** Failed tries in a row after which it is left alone for a while. */
const FAILURES = 20;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** Parties that are remembered while nothing is special about them. */
const MOST_PARTIES = 10_000;

/** Bounds what is under way of each app, or to each endpoint, by how its tries end. */
export interface Parties {
  /** How many of its items may be under way now; 0 while it is left alone. */
  limit(party: string, now: number): number;
  /** True for one that holds others up where they share a batch with it. */
  isSlow(party: string): boolean;
  /** A try of it ended well. */
  worked(party: string): void;
  /** A try of it came to nothing. */
  failed(party: string, now: number): void;
  /** A batch of it has ended that gave some back: they could not begin while it lasted. @param begun how many of it did */
  gaveBack(party: string, begun: number, now: number): void;
}

interface Party {
  items: number;
  failures: number;
  pauseMs: number;
  pausedUntil: number;
}

export function createParties(): Parties {
  const parties = new Map<string, Party>();

  function of(party: string): Party {
    const known = parties.get(party);
    if (known !== undefined) return known;
    if (parties.size >= MOST_PARTIES) parties.clear();
    const fresh = { items: FIRST_ITEMS, failures: 0, pauseMs: 0, pausedUntil: 0 };
    parties.set(party, fresh);
    return fresh;
  }
  /** What was under way together tells the same thing: while it is left alone, nothing is learnt. */
  function leaveAlone(one: Party, now: number): void {
    if (now < one.pausedUntil) return;
    one.items = Math.max(FEWEST_ITEMS, Math.floor(one.items / 2));
    one.pauseMs = Math.min(Math.max(one.pauseMs * 2, FIRST_PAUSE_MS), LONGEST_PAUSE_MS);
    one.pausedUntil = now + one.pauseMs;
  }

  return {
    limit(party, now) {
      const known = parties.get(party);
      if (known === undefined) return FIRST_ITEMS;
      return now < known.pausedUntil ? 0 : known.items;
    },
    isSlow: (party) => (parties.get(party)?.items ?? FIRST_ITEMS) < SLOW_ITEMS,
    worked(party) {
      const one = of(party);
      one.failures = 0;
      one.pauseMs = 0;
      one.items = Math.min(MOST_ITEMS, one.items + 1);
    },
    failed(party, now) {
      const one = of(party);
      one.failures += 1;
      if (one.failures >= FAILURES) leaveAlone(one, now);
    },
    gaveBack(party, begun, now) {
      const one = of(party);
      if (begun === 0) leaveAlone(one, now);
      else one.items = Math.max(FEWEST_ITEMS, Math.min(one.items, begun * BEARS));
    },
  };
}

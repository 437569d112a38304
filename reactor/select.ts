import type { Lane, OwedItem } from '../domain/owed.js';
import type { Position } from '../ledger/ledger.js';
import type { Parties } from './parties.js';
import type { OwedReader } from './ports.js';
import type { Candidate, UnderWay } from './under-way.js';

/** Apps or endpoints that share one batch at most. */
const PARTIES = 32;
/** Apps or endpoints that are asked for in one go. */
const MOST_LOOKS = 4 * PARTIES;
/** Rows of one party that are looked at beyond those under way: somebody's many messages in a row are not gone past. */
const LOOK_PAST = 200;

export interface SelectDeps {
  readonly lane: Lane;
  readonly owed: Pick<OwedReader, 'nextParty' | 'waiting'>;
  readonly underWay: Pick<UnderWay, 'count' | 'has' | 'holds'>;
  readonly parties: Pick<Parties, 'limit' | 'isSlow'>;
}

/** What a batch is to be made of. */
export interface Wanted {
  /** Items at most, in all and of one party under way. */
  readonly items: number;
  readonly ofOne: number;
  /** The parties that are slow, one at a time, or all others together. */
  readonly slow: boolean;
  readonly floor: Position;
  readonly now: number;
}

/** What was chosen. */
export interface Chosen {
  readonly items: readonly Candidate[];
  /** True where more waits and may not go: somebody is at its limit. */
  readonly capped: boolean;
}

/** Chooses what is handed over next; keeps whose turn it is. */
export interface Selection {
  next(wanted: Wanted): Chosen;
}

/** The app of a message, the endpoint of a callback. */
export function partyOf(item: OwedItem): string {
  return 'messageId' in item ? item.appId : item.endpointId;
}

/**
 * Apps and endpoints take turns, each with an equal part of a batch, and more where others do not need theirs. What is
 * under way is passed over, and so is a contact with a try under way and everything of that contact behind it.
 */
export function createSelection({ lane, owed, underWay, parties }: SelectDeps): Selection {
  const turns = { slow: '', usual: '' };
  let capped = false;

  /** Those whose turn it is, beginning behind the last one, each once; and behind whom to go on the next time. */
  function inTurn(slow: boolean): { readonly found: readonly string[]; readonly goOn: string } {
    const began = turns[slow ? 'slow' : 'usual'];
    const found: string[] = [];
    let at = began;
    let wrapped = began === '';
    for (let looked = 0; looked < MOST_LOOKS && found.length < PARTIES; looked++) {
      const party = owed.nextParty(lane, at);
      const isOver = party === undefined || (wrapped && began !== '' && party > began);
      if (isOver && wrapped) return { found, goOn: found[0] ?? '' };
      if (isOver) [at, wrapped] = ['', true];
      else {
        at = party;
        if (parties.isSlow(party) === slow) found.push(party);
      }
    }
    return { found, goOn: at };
  }

  function candidates(party: string, wanted: Wanted, most: number): readonly Candidate[] {
    const { floor: after, now, ofOne } = wanted;
    const busy = underWay.count(party);
    const limit = Math.min(parties.limit(party, now), ofOne);
    const room = Math.min(most, limit - busy);
    if (room <= 0) {
      capped ||= limit > 0;
      return [];
    }
    const free: Candidate[] = [];
    for (const rowsAtMost of [room + busy, room + busy + LOOK_PAST]) {
      const rows = owed.waiting(lane, party, { after, now, limit: rowsAtMost });
      free.length = 0;
      for (const { id, contact, item } of rows) {
        if (free.length >= room) break;
        if (!underWay.has(id) && !underWay.holds(party, contact)) free.push({ id, party, contact, item });
      }
      if (free.length >= room || rows.length < rowsAtMost) break;
    }
    capped ||= room < most && free.length === room;
    return free;
  }

  function usual(found: readonly string[], wanted: Wanted): readonly Candidate[] {
    const { items } = wanted;
    const part = Math.ceil(items / Math.max(found.length, 1));
    let piles = found.map((party) => candidates(party, wanted, part));
    const count = piles.reduce((sum, pile) => sum + pile.length, 0);
    // Where some have less than their part, the others may have more.
    if (count < items && part < items) {
      piles = piles.map((pile, n) =>
        pile.length < part ? pile : candidates(found[n] ?? '', wanted, part + items - count),
      );
    }
    return dealt(piles, items);
  }

  function slowOne(found: readonly string[], wanted: Wanted): readonly Candidate[] {
    for (const party of found) {
      const chosen = candidates(party, wanted, wanted.items);
      if (chosen.length > 0) return chosen;
    }
    return [];
  }

  return {
    next(wanted) {
      capped = false;
      const { found, goOn } = inTurn(wanted.slow);
      const items = wanted.slow ? slowOne(found, wanted) : usual(found, wanted);
      if (wanted.slow) turns.slow = items[0]?.party ?? goOn;
      else turns.usual = goOn;
      return { items, capped };
    },
  };
}

/** One of each in turn until there are so many; those of one party stay in their order. */
function dealt(piles: readonly (readonly Candidate[])[], most: number): readonly Candidate[] {
  const counts = piles.map(() => 0);
  const waiting = piles.reduce((sum, pile) => sum + pile.length, 0);
  let left = Math.min(most, waiting);
  while (left > 0) {
    for (const [n, pile] of piles.entries()) {
      const count = counts[n] ?? 0;
      if (left === 0 || count >= pile.length) continue;
      counts[n] = count + 1;
      left--;
    }
  }
  return piles.flatMap((pile, n) => pile.slice(0, counts[n]));
}

import type { OwedItem } from '../domain/owed.js';

/** An item that may be handed over. */
export interface Candidate {
  readonly id: string;
  /** The app or endpoint that it is shared out by. */
  readonly party: string;
  /** Whom it is about. */
  readonly contact: string;
  readonly item: OwedItem;
}

/**
 * The items of one lane that are handed over and of which the views do not show yet what became of them: none of them is
 * handed over again meanwhile. An item *counts* for as long as something is heard of it.
 */
export interface UnderWay {
  /** Items that count, in all or of one party. */
  count(party?: string): number;
  has(id: string): boolean;
  /** True while an item about this contact counts at this party. */
  holds(party: string, contact: string): boolean;
  add(items: readonly Candidate[], now: number): void;
  /** The item's batch has ended and says that it goes on by itself, or (`lost`) nothing. */
  outlive(id: string, now: number, lost: boolean): void;
  /** It was given a workflow of its own because nothing was heard of it. */
  rescued(id: string, now: number): void;
  /** Its batch never began it. Where it was rescued, that is its way now. */
  giveBack(id: string): void;
  /** It has been tried. @returns its party; undefined for what was not there */
  leave(id: string): string | undefined;
  /** Of what nothing was heard since then. */
  silentSince(time: number): readonly { readonly id: string; readonly item: OwedItem }[];
  ids(): Iterable<string>;
}

interface Entry {
  readonly item: OwedItem;
  readonly party: string;
  readonly contactKey: string;
  /** Ms since the epoch. */
  heardAt: number;
  counts: boolean;
  rescued: boolean;
}

const keyOf = (party: string, contact: string): string => `${party} ${contact}`;

export function createUnderWay(): UnderWay {
  const entries = new Map<string, Entry>();
  const contacts = new Map<string, number>();
  const parties = new Map<string, number>();
  let counted = 0;

  function count(entry: Entry, by: 1 | -1): void {
    entry.counts = by > 0;
    counted += by;
    bump(parties, entry.party, by);
    bump(contacts, entry.contactKey, by);
  }
  function leave(id: string): string | undefined {
    const entry = entries.get(id);
    if (entry?.counts === true) count(entry, -1);
    entries.delete(id);
    return entry?.party;
  }

  return {
    count: (party) => (party === undefined ? counted : (parties.get(party) ?? 0)),
    has: (id) => entries.has(id),
    holds: (party, contact) => contacts.has(keyOf(party, contact)),
    add(items, now) {
      for (const { id, item, party, contact } of items) {
        const contactKey = keyOf(party, contact);
        const entry = { item, party, contactKey, heardAt: now, counts: true, rescued: false };
        entries.set(id, entry);
        count(entry, 1);
      }
    },
    outlive(id, now, lost) {
      const entry = entries.get(id);
      if (entry === undefined) return;
      entry.heardAt = now;
      if (lost && entry.counts) count(entry, -1);
    },
    rescued(id, now) {
      const entry = entries.get(id);
      if (entry === undefined) return;
      entry.heardAt = now;
      entry.rescued = true;
      if (entry.counts) count(entry, -1);
    },
    giveBack(id) {
      if (entries.get(id)?.rescued === false) leave(id);
    },
    leave,
    silentSince: (time) =>
      [...entries].flatMap(([id, { item, heardAt }]) => (heardAt <= time ? [{ id, item }] : [])),
    ids: () => entries.keys(),
  };
}

function bump(counts: Map<string, number>, key: string, by: 1 | -1): void {
  const next = (counts.get(key) ?? 0) + by;
  if (next === 0) counts.delete(key);
  else counts.set(key, next);
}

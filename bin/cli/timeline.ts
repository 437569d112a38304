/** One line of a contact's timeline. */
export interface Entry {
  /** RFC 3339, when it was recorded. */
  readonly at: string;
  readonly kind: 'message-in' | 'consent' | 'message-out' | 'callback';
  /** For people. */
  readonly what: string;
  readonly detail: string;
  /** The object as the instance has it, for scripts. */
  readonly source: unknown;
}

/** What causes what within one append: the message, the change, what goes out for it, what tells of it. */
const CAUSAL: Readonly<Record<Entry['kind'], number>> = {
  'message-in': 0,
  consent: 1,
  'message-out': 2,
  callback: 3,
};

/**
 * One timeline out of parts that are each in ledger order, oldest first. Across parts the recorded time decides, which
 * one writer gives in its order; what has the same millisecond is put cause before effect.
 * @param limit the newest so many are kept
 */
export function mergeTimeline(parts: readonly (readonly Entry[])[], limit: number): Entry[] {
  return parts
    .flat()
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || CAUSAL[a.kind] - CAUSAL[b.kind])
    .slice(-limit);
}

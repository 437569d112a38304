import type { Clock } from '../domain/clock.js';
import type { LedgerEvent } from '../domain/events/events.js';
import type { Appended, Expected, Ledger } from './ledger.js';
import { repeatedWhileUnclear } from './repeat-unclear.js';

/**
 * Appends, and repeats with the same ids and revision where the outcome stays unknown, which is safe.
 * `duplicate` is then also true when an earlier try of this very call had been written.
 * @throws AppendUnclear when it is still unknown 5 s after the first try began
 */
export function appendClearly(
  { ledger, clock }: { readonly ledger: Pick<Ledger, 'append'>; readonly clock: Clock },
  stream: string,
  events: readonly LedgerEvent[],
  expected: Expected,
): Promise<Appended> {
  return repeatedWhileUnclear(clock, () => ledger.append(stream, events, expected));
}

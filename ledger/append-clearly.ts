import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../domain/clock.js';
import type { LedgerEvent } from '../domain/events.js';
import { AppendUnclear } from './errors.js';
import type { Appended, Expected, Ledger } from './ledger.js';

/** How long an append whose outcome is unknown is repeated before the caller is told so. */
const REPEAT_FOR_MS = 5_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/**
 * Appends; where the outcome stays unknown, repeats with the same ids and revision, which is safe.
 * `duplicate` is then also true when an earlier try of this very call had been written.
 * @throws AppendUnclear when it is still unknown 5 s after the first try began
 */
export async function appendClearly(
  { ledger, clock }: { readonly ledger: Pick<Ledger, 'append'>; readonly clock: Clock },
  stream: string,
  events: readonly LedgerEvent[],
  expected: Expected,
): Promise<Appended> {
  const deadline = clock.now() + REPEAT_FOR_MS;
  for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
    try {
      return await ledger.append(stream, events, expected);
    } catch (error) {
      if (!(error instanceof AppendUnclear) || clock.now() + wait >= deadline) throw error;
    }
    await pause(wait);
  }
}

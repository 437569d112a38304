import { setTimeout as pause } from 'node:timers/promises';
import { AppendUnclear, LedgerUnavailable } from '../errors.js';
import type { KurrentReads } from './kurrent-reads.js';

/** With the pauses more than a minute, and longer where each try waits for its time-out. */
const TRIES = 12;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

/** Tries again what the server did not answer, until the ledger is closed; what it refused is thrown at once. */
export async function patiently<T>(closed: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let tried = 1, wait = FIRST_PAUSE_MS; ; tried += 1, wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      const passes = error instanceof AppendUnclear || error instanceof LedgerUnavailable;
      if (!passes || tried === TRIES || closed.aborted) throw error;
    }
    await pause(wait, undefined, { signal: closed }).catch(() => undefined);
  }
}

/** Reads for work of hours, which one bad moment of the server should not end. */
export function patientReads(reads: KurrentReads, closed: AbortSignal): KurrentReads {
  return {
    stream: (...given) => patiently(closed, () => reads.stream(...given)),
    all: (...given) => patiently(closed, () => reads.all(...given)),
    newest: (...given) => patiently(closed, () => reads.newest(...given)),
    newestOfOurs: () => patiently(closed, () => reads.newestOfOurs()),
  };
}

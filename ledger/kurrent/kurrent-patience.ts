import { setTimeout as pause } from 'node:timers/promises';
import { AppendUnclear, LedgerUnavailable } from '../errors.js';
import type { KurrentReads } from './kurrent-reads.js';

/** With the pauses more than a minute, and longer where each try waits for its time-out. */
const TRIES = 12;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

/** Tries again what the server did not answer; what it refused is thrown at once. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tried = 1, wait = FIRST_PAUSE_MS; ; tried += 1, wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      const passes = error instanceof AppendUnclear || error instanceof LedgerUnavailable;
      if (!passes || tried === TRIES) throw error;
    }
    await pause(wait);
  }
}

/** Reads for work of hours, which one bad moment of the server should not end. */
export function patientReads(reads: KurrentReads): KurrentReads {
  return {
    stream: (...given) => patiently(() => reads.stream(...given)),
    all: (...given) => patiently(() => reads.all(...given)),
    newest: (...given) => patiently(() => reads.newest(...given)),
    newestOfOurs: () => patiently(() => reads.newestOfOurs()),
  };
}

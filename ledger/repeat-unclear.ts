import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../domain/clock.js';
import { AppendUnclear } from './errors.js';

/** A write whose outcome is unknown is repeated for so long before the caller is told so. */
const REPEAT_FOR_MS = 5_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/**
 * Tries again while the outcome is unknown; `write` uses the same ids and revision each time, which makes that safe.
 * @throws AppendUnclear when it is still unknown `forMs` (5 s) after the first try began; what else `write` throws
 */
export async function repeatedWhileUnclear<T>(
  clock: Clock,
  write: () => Promise<T>,
  forMs = REPEAT_FOR_MS,
): Promise<T> {
  const deadline = clock.now() + forMs;
  for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof AppendUnclear) || clock.now() + wait >= deadline) throw error;
    }
    await pause(wait);
  }
}

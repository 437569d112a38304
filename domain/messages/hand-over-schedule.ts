/** A channel's call ends after so long, whatever happens. */
export const CHANNEL_TIMEOUT_MS = 6_000;
/** For so long after an intent, whoever wrote it may still record its outcome. */
const OUTCOME_DEADLINE_MS = CHANNEL_TIMEOUT_MS + 4_000;
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 5 * 60_000;

/** Waits 1 s, doubled with each try, at most 5 minutes. @param tries 1 after the first one */
function backOffMs(tries: number): number {
  return Math.min(FIRST_DELAY_MS * 2 ** Math.min(tries - 1, 20), LONGEST_DELAY_MS);
}

/**
 * Says how long a message waits after a hand-over that was surely not taken.
 * @param attempt the attempt that was refused, 1 for the first
 * @param retryAfterMs what the channel asked for: never earlier than that
 */
export function handOverDelayMs(attempt: number, retryAfterMs: number | null): number {
  return Math.max(backOffMs(attempt), retryAfterMs ?? 0);
}

/**
 * Says until when an intent without an outcome is left alone, in ms since the epoch.
 * @param since RFC 3339, when the newest intent was recorded
 * @param unresolved intents in a row without an outcome: repeats under an idempotency key come ever later
 */
export function outcomeAwaitedUntil(since: string, unresolved: number): number {
  return Date.parse(since) + Math.max(OUTCOME_DEADLINE_MS, backOffMs(Math.max(unresolved, 1)));
}

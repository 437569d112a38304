/** A channel's call ends after this, whatever happens. */
export const CHANNEL_TIMEOUT_MS = 6_000;
/** Until this after an intent its outcome may still be recorded by whoever wrote the intent. */
const OUTCOME_DEADLINE_MS = CHANNEL_TIMEOUT_MS + 4_000;
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 5 * 60_000;

/** 1 s, doubled with each try, at most 5 minutes. @param tries 1 after the first one */
function backOffMs(tries: number): number {
  return Math.min(FIRST_DELAY_MS * 2 ** Math.min(tries - 1, 20), LONGEST_DELAY_MS);
}

/**
 * How long a message waits after a hand-over that was definitely not taken.
 * @param attempt the attempt that was refused, 1 for the first
 * @param retryAfterMs what the channel asked for: never earlier than that
 */
export function handOverDelayMs(attempt: number, retryAfterMs: number | null): number {
  return Math.max(backOffMs(attempt), retryAfterMs ?? 0);
}

/**
 * Until when an intent without an outcome is left alone, in ms since the epoch.
 * @param since RFC 3339, when the newest intent was recorded
 * @param unresolved intents in a row without an outcome: repeats under an idempotency key come ever later
 */
export function outcomeAwaitedUntil(since: string, unresolved: number): number {
  return Date.parse(since) + Math.max(OUTCOME_DEADLINE_MS, backOffMs(Math.max(unresolved, 1)));
}

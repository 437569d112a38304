import type { HandOverOutcome } from './channel.js';
import type { HttpAnswer } from '../http-client/http-sender.js';
import { parseRetryAfter } from '../http-client/retry-after.js';

/** An answer that came, as opposed to a fault. */
export type HttpResponse = Extract<HttpAnswer, { readonly fault: null }>;

/** Judges by a provider's own words an answer whose status says enough. */
export interface AnswerRules {
  /** Judges an answer of 2xx. */
  taken(answer: HttpResponse): HandOverOutcome;
  /** Judges an answer of 4xx other than 429. */
  refused(answer: HttpResponse): HandOverOutcome;
}

/**
 * Says what became of a message that was handed over by HTTP. A request that surely never left, 429 and 503 mean that it
 * was not taken, and it is tried again. Whatever is not surely known is `unknown`: redirects, 5xx, and every fault after
 * the request left.
 */
export function answerOutcome(answer: HttpAnswer, nowMs: number, rules: AnswerRules): HandOverOutcome {
  if (answer.fault === 'blocked') {
    const description = 'the address of the channel is blocked';
    return { outcome: 'failed', reason: 'CHANNEL_BAD_CONFIGURATION', description };
  }
  if (!answer.sent) return { outcome: 'not-taken', class: 'refused-connection', retryAfterMs: null };
  if (answer.fault !== null) return { outcome: 'unknown' };
  const { status } = answer;
  const retryAfterMs = parseRetryAfter(answer.retryAfter, nowMs);
  if (status >= 200 && status < 300) return rules.taken(answer);
  if (status === 429) return { outcome: 'not-taken', class: 'busy', retryAfterMs };
  if (status === 503) return { outcome: 'not-taken', class: 'unavailable', retryAfterMs };
  return status >= 400 && status < 500 ? rules.refused(answer) : { outcome: 'unknown' };
}

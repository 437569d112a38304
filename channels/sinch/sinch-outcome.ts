import { answerOutcome } from '../answer-outcome.js';
import type { HandOverOutcome } from '../channel.js';
import type { HttpAnswer } from '../../http-client/http-sender.js';
import { providerId } from '../provider/provider-id.js';
import { parseRetryAfter } from '../../http-client/retry-after.js';

/** Answers that say that the account is set up wrongly, rather than that this message is refused. */
const BAD_CONFIGURATION: ReadonlySet<number> = new Set([401, 403, 404, 405, 407, 410]);

/**
 * What an answer of `messages:send` says of the message. Taken by Sinch is not yet queued on the channel: that comes
 * as a receipt.
 */
export function judgeSend(
  answer: HttpAnswer,
  { handedOverAt, nowMs }: { readonly handedOverAt: string; readonly nowMs: number },
): HandOverOutcome {
  return answerOutcome(answer, nowMs, {
    taken: ({ excerpt }) => {
      const id = providerId(fieldOf(excerpt, 'message_id'));
      return {
        outcome: 'taken',
        handedOverAt,
        reports: [],
        ...(id === null ? {} : { providerMessageId: id }),
      };
    },
    refused: ({ status }) => {
      const reason = BAD_CONFIGURATION.has(status) ? 'CHANNEL_BAD_CONFIGURATION' : 'CHANNEL_REJECT';
      return { outcome: 'failed', reason, description: `Sinch answered ${String(status)}` };
    },
  });
}

/** What it says of the message that there is no token for it: nothing of it has left. */
export function judgeToken(answer: HttpAnswer, nowMs: number): HandOverOutcome {
  if (answer.fault === 'blocked') return failed('the token endpoint has a blocked address');
  if (answer.fault !== null) return { outcome: 'not-taken', class: 'unavailable', retryAfterMs: null };
  const { status } = answer;
  const retryAfterMs = parseRetryAfter(answer.retryAfter, nowMs);
  if (status === 429) return { outcome: 'not-taken', class: 'busy', retryAfterMs };
  if (status >= 400 && status < 500) return failed(`the token endpoint of Sinch answered ${String(status)}`);
  return { outcome: 'not-taken', class: 'unavailable', retryAfterMs };
}

function failed(description: string): HandOverOutcome {
  return { outcome: 'failed', reason: 'CHANNEL_BAD_CONFIGURATION', description };
}

function fieldOf(json: string, field: string): unknown {
  try {
    const parsed: unknown = JSON.parse(json);
    return typeof parsed === 'object' && parsed !== null
      ? Object.entries(parsed).find(([k]) => k === field)?.[1]
      : null;
  } catch {
    return null;
  }
}

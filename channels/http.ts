import type { Clock } from '../domain/clock.js';
import type { Channel, HandOverOutcome, OutboundMessage } from './channel.js';
import type { HttpAnswer, HttpSender } from './http-sender.js';
import { parseRetryAfter } from './retry-after.js';
import type { Signer } from './signer.js';
import type { SlotPool } from './slot-pool.js';

/** In all: so long a call may be under way after an opt-out that came too late for it. */
const TIMEOUT_MS = 6_000;

/** Answers that say the gateway itself is set up wrongly, rather than that it refuses this message. */
const BAD_CONFIGURATION: ReadonlySet<number> = new Set([401, 403, 404, 405, 407, 410]);

export interface HttpChannelDeps {
  readonly http: HttpSender;
  readonly clock: Clock;
  /** A fresh value for each request, e.g. a ULID. */
  readonly newNonce: () => string;
  readonly slots: SlotPool;
}

/** The customer's own gateway, opened. */
export interface Gateway {
  readonly url: string;
  readonly signer: Signer;
  /** True: it honours the idempotency key. */
  readonly idempotent: boolean;
}

/** Hands messages over as a signed JSON POST, one message and recipient each. */
export function createHttpChannel(deps: HttpChannelDeps, gateway: Gateway): Channel {
  return {
    idempotent: gateway.idempotent,
    async prepare(message) {
      const body = bodyOf(message);
      const release = await deps.slots.take();
      return {
        release,
        begin: () => call(deps, gateway, message, body).finally(release),
      };
    },
  };
}

function bodyOf(message: OutboundMessage): Buffer {
  const { messageId, channel, identity, sender, text, kind, attempt } = message;
  return Buffer.from(
    JSON.stringify({ message_id: messageId, channel, identity, sender, text, kind, attempt }),
  );
}

/** Runs up to the start of the request without giving up the turn. */
async function call(
  { http, clock, newNonce }: HttpChannelDeps,
  { url, signer }: Gateway,
  { messageId }: OutboundMessage,
  body: Buffer,
): Promise<HandOverOutcome> {
  const nowMs = clock.now();
  const handedOverAt = new Date(nowMs).toISOString();
  const headers = {
    'content-type': 'application/json',
    'idempotency-key': messageId,
    'optledger-handed-over-at': handedOverAt,
    ...signer.sign({ id: messageId, body, nonce: newNonce(), nowMs }),
  };
  const answer = await http.post({ url, headers, body, timeoutMs: TIMEOUT_MS });
  return judge(answer, handedOverAt, clock.now());
}

/** What became of the message; whatever is not surely known is `unknown`. */
function judge(answer: HttpAnswer, handedOverAt: string, nowMs: number): HandOverOutcome {
  if (answer.fault === 'blocked')
    return failed('CHANNEL_BAD_CONFIGURATION', 'the gateway has a blocked address');
  if (!answer.sent) return { outcome: 'not-taken', class: 'refused-connection', retryAfterMs: null };
  if (answer.fault !== null) return { outcome: 'unknown' };
  const { status } = answer;
  const retryAfterMs = parseRetryAfter(answer.retryAfter, nowMs);
  if (status >= 200 && status < 300) {
    // Taken is all that the gateway says here; whether it arrived comes as a receipt.
    return { outcome: 'taken', handedOverAt, reports: ['QUEUED_ON_CHANNEL'] };
  }
  if (status === 429) return { outcome: 'not-taken', class: 'busy', retryAfterMs };
  if (status === 503) return { outcome: 'not-taken', class: 'unavailable', retryAfterMs };
  if (status < 400 || status >= 500) return { outcome: 'unknown' };
  const reason = BAD_CONFIGURATION.has(status) ? 'CHANNEL_BAD_CONFIGURATION' : 'CHANNEL_REJECT';
  return failed(reason, `the gateway answered ${String(status)}`);
}

function failed(
  reason: 'CHANNEL_REJECT' | 'CHANNEL_BAD_CONFIGURATION',
  description: string,
): HandOverOutcome {
  return { outcome: 'failed', reason, description };
}

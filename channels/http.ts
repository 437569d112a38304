import type { Clock } from '../domain/clock.js';
import { answerOutcome, type AnswerRules } from './answer-outcome.js';
import type { Channel, HandOverOutcome, OutboundMessage } from './channel.js';
import type { HttpSender } from '../http-client/http-sender.js';
import type { Signer } from './signer.js';
import type { SlotPool } from './slot-pool.js';

/** A call takes so long in all: for so long it may be under way after an opt-out that came too late for it. */
const TIMEOUT_MS = 6_000;

/** These answers say that the gateway itself is set up wrongly, rather than that it refuses this message. */
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
  return answerOutcome(answer, clock.now(), rulesAt(handedOverAt));
}

/** The gateway says here only that it took the message; whether it arrived comes as a receipt. */
function rulesAt(handedOverAt: string): AnswerRules {
  return {
    taken: () => ({ outcome: 'taken', handedOverAt, reports: ['QUEUED_ON_CHANNEL'] }),
    refused: ({ status }) => ({
      outcome: 'failed',
      reason: BAD_CONFIGURATION.has(status) ? 'CHANNEL_BAD_CONFIGURATION' : 'CHANNEL_REJECT',
      description: `the gateway answered ${String(status)}`,
    }),
  };
}

import type { Clock } from '../../domain/clock.js';
import type { Channel, HandOverOutcome, OutboundMessage, PreparedHandOver } from '../channel.js';
import type { OpenCredentials, TokenSource } from '../client-token.js';
import type { HttpAnswer, HttpSender } from '../../http-client/http-sender.js';
import { judgeSend, judgeToken } from './sinch-outcome.js';
import type { SlotPool } from '../slot-pool.js';

/** A call takes so long in all: for so long it may be under way after an opt-out that came too late for it. */
const TIMEOUT_MS = 6_000;

export interface SinchChannelDeps {
  readonly http: HttpSender;
  readonly clock: Clock;
  readonly tokens: TokenSource;
  readonly slots: SlotPool;
}

/** An app at Sinch, its secret opened. */
export interface SinchAccount {
  readonly projectId: string;
  readonly appId: string;
  /** Origin of the Conversation API, without a slash at the end. */
  readonly apiUrl: string;
  readonly credentials: OpenCredentials;
}

/**
 * Hands messages over by `messages:send` of the Sinch Conversation API. Its contract has no idempotency key, so what
 * may have been taken is never repeated. Our own id goes along as metadata: receipts bring it back, also one that
 * overtakes the answer, and one after an answer that never came.
 */
export function createSinchChannel(deps: SinchChannelDeps, account: SinchAccount): Channel {
  const { tokens, slots } = deps;
  const { credentials } = account;
  /** The token that was refused last, until another one is taken. */
  let refused: string | null = null;

  async function call(message: OutboundMessage, body: Buffer, token: string): Promise<HandOverOutcome> {
    const nowMs = deps.clock.now();
    const answer = await post(deps, account, body, token);
    if (answer.status !== 401) {
      if (answer.status !== null && token !== refused) refused = null;
      return judgeSend(answer, { handedOverAt: new Date(nowMs).toISOString(), nowMs: deps.clock.now() });
    }
    // To ask once more here would be a call after the lists were read; the next attempt reads them again.
    tokens.drop(credentials, token);
    if (refused !== null && refused !== token) {
      return {
        outcome: 'failed',
        reason: 'CHANNEL_BAD_CONFIGURATION',
        description: 'Sinch refused a new token',
      };
    }
    refused = token;
    return { outcome: 'not-taken', class: 'unavailable', retryAfterMs: null };
  }

  return {
    idempotent: false,
    async prepare(message) {
      const body = bodyOf(account, message);
      const release = await slots.take();
      const granted = await tokens.get(credentials, TIMEOUT_MS).catch((error: unknown) => {
        release();
        throw error;
      });
      if (!granted.ok) {
        release();
        return without(judgeToken(granted.answer, deps.clock.now()));
      }
      return { release, begin: () => call(message, body, granted.token).finally(release) };
    },
  };
}

/** A hand-over that has its outcome before any call. */
function without(outcome: HandOverOutcome): PreparedHandOver {
  return { begin: () => Promise.resolve(outcome), release: () => undefined };
}

function post(
  { http }: SinchChannelDeps,
  { apiUrl, projectId }: SinchAccount,
  body: Buffer,
  token: string,
): Promise<HttpAnswer> {
  return http.post({
    url: `${apiUrl}/v1/projects/${projectId}/messages:send`,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      authorization: `Bearer ${token}`,
    },
    body,
    timeoutMs: TIMEOUT_MS,
  });
}

function bodyOf({ appId }: SinchAccount, message: OutboundMessage): Buffer {
  const { messageId, channel, identity, sender, contentType } = message;
  return Buffer.from(
    JSON.stringify({
      app_id: appId,
      recipient: { identified_by: { channel_identities: [{ channel, identity }] } },
      message: message.message,
      channel_priority_order: [channel],
      ...(channel === 'SMS' && sender !== '' ? { channel_properties: { SMS_SENDER: sender } } : {}),
      ...(contentType === 'CONTENT_UNKNOWN' ? {} : { message_content_type: contentType }),
      message_metadata: messageId,
      correlation_id: messageId,
    }),
  );
}

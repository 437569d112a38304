import type { Clock } from '../../domain/clock.js';
import type { Actor, MessageAccepted, MessageAcceptedData } from '../../domain/events/events.js';
import type { ContentType } from '../../domain/lists.js';
import { appendClearly } from '../append-clearly.js';
import { deriveId, newUlid, ulidOf } from '../event-ids.js';
import type { Ledger } from '../ledger.js';
import { Refusal } from '../../domain/refusal.js';
import type { RootKey } from '../keys/root-key.js';
import { messageStream } from '../streams.js';

/** A message may be tried for so long when its send names no `ttl`. */
export const DEFAULT_TTL_S = 3600;
/** RFC 3339 has four digits for the year, while a `ttl` may reach ten thousand years. */
const LAST_MOMENT = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** A validated send; identities are addresses (see domain/identity) and stand in the order in which they are to be tried. */
export interface SendCommand {
  readonly projectId: string;
  readonly appId: string;
  readonly actor: Actor;
  readonly recipients: readonly { readonly channel: string; readonly identity: string }[];
  readonly contentType: ContentType;
  readonly processingMode: MessageAcceptedData['processingMode'];
  /** Where it is empty, the channel's own default is taken. */
  readonly sender: string;
  readonly message: Readonly<Record<string, unknown>>;
  readonly metadata: string;
  readonly correlationId: string;
  readonly callbackUrl?: string;
  readonly ttlS?: number;
  /** The caller's key, and the request that it stands for as text that is equal for equal requests. */
  readonly idempotency?: { readonly key: string; readonly request: string };
}

export interface AcceptDeps {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly rootKey: RootKey;
}

/**
 * Appends `message-accepted`; from then on the message is owed. Whether it may leave is decided later.
 * Under an idempotency key the message id derives from (project, app, key), so that a repeated request
 * answers what the first one did.
 * @returns `acceptedAt` is RFC 3339 with ms
 * @throws Refusal `idempotency-key-reused` when another request came under the same key; nothing is written
 */
export async function acceptMessage(
  deps: AcceptDeps,
  command: SendCommand,
): Promise<{ readonly messageId: string; readonly acceptedAt: string }> {
  const now = deps.clock.now();
  const messageId = messageIdOf(deps.rootKey, command, now);
  const stream = messageStream(messageId);
  const accepted = acceptedEvent(deps.rootKey, command, messageId, now);
  const { duplicate } = await appendClearly(deps, stream, [accepted], 'none');
  if (!duplicate) return { messageId, acceptedAt: accepted.meta.recordedAt };
  const [first] = await deps.ledger.readStream(stream, { from: 0, direction: 'forwards', limit: 1 });
  if (
    first?.event.type !== 'message-accepted' ||
    first.event.data.requestHash !== accepted.data.requestHash
  ) {
    throw new Refusal('idempotency-key-reused');
  }
  return { messageId, acceptedAt: first.event.meta.recordedAt };
}

function messageIdOf(rootKey: RootKey, command: SendCommand, now: number): string {
  if (command.idempotency === undefined) return newUlid(now);
  const { projectId, appId, idempotency } = command;
  // The key goes in as an HMAC, because message ids travel everywhere, and a key may hold an order number or a name.
  const keyHmac = rootKey.textHmac(JSON.stringify(['idempotency-key', projectId, appId, idempotency.key]));
  return ulidOf(deriveId('send', keyHmac));
}

function acceptedEvent(
  rootKey: RootKey,
  command: SendCommand,
  messageId: string,
  now: number,
): MessageAccepted {
  const { projectId, appId, callbackUrl, idempotency } = command;
  const recordedAt = new Date(now).toISOString();
  const expires = Math.min(now + (command.ttlS ?? DEFAULT_TTL_S) * 1000, LAST_MOMENT);
  return {
    id: deriveId(messageStream(messageId), 'accepted'),
    type: 'message-accepted',
    version: 1,
    data: {
      projectId,
      appId,
      messageId,
      kind: 'MESSAGE',
      contentType: command.contentType,
      recipients: command.recipients.map((recipient) => ({
        channel: recipient.channel,
        contactId: rootKey.contactId(projectId, appId, recipient),
      })),
      cause: null,
      expiresAt: new Date(expires).toISOString(),
      processingMode: command.processingMode,
      overrideEndpointId: callbackUrl === undefined ? null : `override-${rootKey.urlHmac(callbackUrl)}`,
      requestHash: idempotency === undefined ? null : rootKey.textHmac(idempotency.request),
      bodyVersion: 1,
    },
    personal: {
      identities: command.recipients.map(({ identity }) => identity),
      sender: command.sender,
      message: command.message,
      metadata: command.metadata,
      correlationId: command.correlationId,
      ...(callbackUrl === undefined ? {} : { callbackUrl }),
    },
    meta: { recordedAt, occurredAt: recordedAt, actor: command.actor },
  };
}

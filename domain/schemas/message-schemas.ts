import { z } from 'zod';
import {
  bodyVersion,
  contactId,
  count,
  direction,
  envelope,
  instant,
  listType,
  opaqueId,
  ordinal,
  processingMode,
  providerMessageId,
  revision,
  ulid,
  uuid,
  word,
} from './common-schemas.js';
import { CONTENT_TYPES, MODES } from '../lists.js';

const message = { projectId: opaqueId, appId: opaqueId, messageId: ulid };
const contentType = z.enum(CONTENT_TYPES);

const permit = z.strictObject({
  app: z.strictObject({ stream: opaqueId, revision: z.int().min(-1) }),
  contacts: z.array(z.strictObject({ stream: opaqueId, revision: z.int().min(-1) })),
});

const causeAt = { stream: opaqueId, revision, eventId: uuid, at: instant };
const cause = z.discriminatedUnion('kind', [
  z.strictObject({ ...causeAt, kind: direction, listType }),
  z.strictObject({ ...causeAt, kind: z.literal('HELP') }),
]);

const providerError = z.strictObject({ provider: word, code: count, block: z.boolean() }).exactOptional();

function messageEvent<T extends string, D extends z.core.$ZodLooseShape>(type: T, data: D) {
  return z.strictObject({
    ...envelope,
    type: z.literal(type),
    data: z.strictObject({ ...message, ...data }),
  });
}

const accepted = z.strictObject({
  ...envelope,
  type: z.literal('message-accepted'),
  data: z.strictObject({
    ...message,
    kind: z.enum(['MESSAGE', 'REPLY']),
    contentType,
    recipients: z.array(z.strictObject({ channel: word, contactId })),
    cause: cause.nullable(),
    expiresAt: instant,
    processingMode,
    overrideEndpointId: opaqueId.nullable(),
    requestHash: word.nullable(),
    bodyVersion,
  }),
  personal: z
    .strictObject({
      identities: z.array(z.string()),
      sender: z.string(),
      message: z.record(z.string(), z.unknown()),
      metadata: z.string(),
      correlationId: z.string(),
      callbackUrl: z.string().exactOptional(),
    })
    .exactOptional(),
});

/** Events of `message-<ulid>`. */
export const messageSchemas = {
  'message-accepted': accepted,
  'message-handing-over': messageEvent('message-handing-over', {
    attempt: ordinal,
    permit,
    channelType: word,
  }),
  'message-not-sent': messageEvent('message-not-sent', {
    attempt: ordinal,
    class: z.enum(['stale', 'busy', 'refused-connection', 'unavailable']),
    retryAt: instant.nullable(),
  }),
  'message-blocked': messageEvent('message-blocked', {
    listType,
    contentType,
    mode: z.enum(MODES),
    permit,
    decidedBy: uuid,
    recipientIndex: count,
    notifyOptOut: z.boolean(),
    bodyVersion,
  }),
  'message-dispatched': messageEvent('message-dispatched', {
    attempt: ordinal,
    recipientIndex: count,
    handedOverAt: instant,
    providerMessageId: providerMessageId.exactOptional(),
    bodyVersion,
  }),
  'message-failed': messageEvent('message-failed', {
    /** 0: it ended before any hand-over. */
    attempt: count,
    reason: z.enum([
      'DELIVERY_TIMED_OUT',
      'MESSAGE_EXPIRED',
      'CHANNEL_REJECT',
      'CHANNEL_CONFIGURATION_MISSING',
      'CHANNEL_BAD_CONFIGURATION',
      'RECIPIENT_NOT_OPTED_IN',
      'UNKNOWN_APP',
      'superseded',
      'expired',
      'restored',
      'reply-restored',
    ]),
    description: z.string(),
    providerError,
    bodyVersion,
  }),
  'message-reported': messageEvent('message-reported', {
    status: z.enum(['QUEUED_ON_CHANNEL', 'DELIVERED', 'READ', 'FAILED']),
    reason: word.nullable(),
    providerError,
    bodyVersion,
  }),
};

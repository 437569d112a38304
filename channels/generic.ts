import { z } from 'zod';
import type { InboundMessage } from '../domain/consent/inbound-message.js';
import { CHANNELS } from '../domain/identity/channels.js';
import { readMoment, readProviderTime } from '../domain/moment.js';
import { deliveryReason } from './delivery-reasons.js';

/** Body of `inbound/generic`; unknown keys are an error. */
export const genericInboundBody = z.strictObject({
  /** The provider's id: the same id with the same text is the same message. */
  message_id: z.string().min(1).max(256),
  channel: z.enum(CHANNELS),
  identity: z.string().min(1).max(128),
  /** The number or account that was written to; a reply leaves from it. */
  sender: z.string().max(128).default(''),
  /** Absent for media. */
  text: z.string().max(65_536).optional(),
  /** The zero time of Go and .NET means: not given. */
  received_at: z
    .string()
    .max(64)
    .refine((text) => readMoment(text) !== undefined, { error: 'expected RFC 3339' })
    .meta({ format: 'date-time' })
    .optional(),
  metadata: z.string().max(1024).optional(),
});
export type GenericInboundBody = z.output<typeof genericInboundBody>;

/** Body of `receipts/generic`; unknown keys are an error. */
export const genericReceiptBody = z.strictObject({
  message_id: z.string().min(1).max(128),
  status: z.enum(['DELIVERED', 'READ', 'FAILED']),
  /** Why it failed, in the gateway's words or as a `reason.code`. */
  reason: z.string().min(1).max(256).optional(),
});
export type GenericReceiptBody = z.output<typeof genericReceiptBody>;

export interface GenericReceipt {
  readonly messageId: string;
  readonly status: GenericReceiptBody['status'];
  /** Null unless the status is FAILED. */
  readonly reason: string | null;
}

/** Never fails on a body of that shape. Lone surrogates become U+FFFD, as in any UTF-8 store. */
export function toInbound(body: GenericInboundBody): InboundMessage {
  const receivedAt = readProviderTime(body.received_at);
  return {
    provider: 'generic',
    providerMessageId: body.message_id.toWellFormed(),
    channel: body.channel,
    identity: body.identity.toWellFormed(),
    sender: body.sender.toWellFormed(),
    ...(body.text === undefined ? {} : { text: body.text.toWellFormed() }),
    ...(body.metadata === undefined ? {} : { metadata: body.metadata.toWellFormed() }),
    ...(receivedAt === undefined ? {} : { receivedAt }),
  };
}

/** The reason is one that SDKs know; see `deliveryReason`. */
export function toReceipt({ message_id, status, reason }: GenericReceiptBody): GenericReceipt {
  return { messageId: message_id, status, reason: status === 'FAILED' ? deliveryReason(reason) : null };
}

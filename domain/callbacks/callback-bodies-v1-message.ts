import { personalOf, type MessageSource } from './callback-bodies-source.js';
import type { MessageBlocked, MessageDispatched, MessageFailed, MessageReported } from '../events/events.js';

// This file is frozen with body version 1: see callback-bodies-v1.ts.

/** Builds `message_submit_notification`; the submitted message is the content itself. */
export function submitNotification(source: MessageSource<MessageDispatched>): object {
  const { event, accepted } = source;
  const { message, metadata } = personalOf(accepted);
  return {
    message_id: accepted.data.messageId,
    conversation_id: '',
    channel_identity: recipientOf(source, event.data.recipientIndex),
    contact_id: '',
    submitted_message: message,
    metadata,
    processing_mode: accepted.data.processingMode,
  };
}

/** Builds `message_delivery_report`; it has a `reason` only when the message failed. */
export function deliveryReport(
  source: MessageSource<MessageBlocked | MessageFailed | MessageReported>,
): object {
  const { event, accepted } = source;
  const status = event.type === 'message-reported' ? event.data.status : 'FAILED';
  // Recipients stand in order of priority: where an event names none, the first one is meant.
  const index = event.type === 'message-blocked' ? event.data.recipientIndex : 0;
  return {
    message_id: accepted.data.messageId,
    conversation_id: '',
    status,
    channel_identity: recipientOf(source, index),
    contact_id: '',
    ...(status === 'FAILED' ? { reason: reasonOf(event) } : {}),
    metadata: personalOf(accepted).metadata,
    processing_mode: accepted.data.processingMode,
  };
}

/** Builds `opt_out_notification` of a message that was not sent because its recipient had opted out before. */
export function blockedNotification(source: MessageSource<MessageBlocked>): object {
  const { event, accepted } = source;
  const { channel, identity } = recipientOf(source, event.data.recipientIndex);
  return {
    request_id: accepted.data.messageId,
    contact_id: '',
    channel,
    identity,
    status: 'OPT_OUT_SUCCEEDED',
    processing_mode: accepted.data.processingMode,
  };
}

/** The wire has no code for "opted out"; see docs/adr/008. */
const BLOCKED_CODE = 'RECIPIENT_NOT_OPTED_IN';

function reasonOf(event: MessageBlocked | MessageFailed | MessageReported): object {
  switch (event.type) {
    case 'message-blocked':
      return reason(BLOCKED_CODE, `The recipient is on the list ${event.data.listType} of this app.`);
    case 'message-failed':
      return reason(event.data.reason === 'restored' ? 'UNKNOWN' : event.data.reason, event.data.description);
    case 'message-reported':
      return reason(event.data.reason ?? 'UNKNOWN', 'The channel reported that the message failed.');
  }
}

function reason(code: string, description: string): object {
  return { code, description, sub_code: 'UNSPECIFIED_SUB_CODE' };
}

interface ChannelIdentity {
  readonly channel: string;
  readonly identity: string;
  readonly app_id: '';
}

function recipientOf(
  { event, accepted }: MessageSource<{ readonly id: string }>,
  index: number,
): ChannelIdentity {
  const channel = accepted.data.recipients[index]?.channel;
  const identity = personalOf(accepted).identities[index];
  if (channel === undefined || identity === undefined) {
    throw new TypeError(
      `event ${event.id} names recipient ${String(index)}, which its message does not have`,
    );
  }
  return { channel, identity, app_id: '' };
}

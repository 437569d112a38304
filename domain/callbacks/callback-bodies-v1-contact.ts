import { personalOf } from './callback-bodies-source.js';
import type { MessageReceived, OptedIn, OptedOut } from '../events/events.js';

// Frozen with body version 1: see callback-bodies-v1.ts.

/** `message` of MESSAGE_INBOUND. */
export function inboundMessage(event: MessageReceived): object {
  const { identity, sender, text, content, metadata } = personalOf(event);
  return {
    id: event.data.messageId,
    direction: 'TO_APP',
    contact_message: contactMessage(text, content),
    channel_identity: { channel: event.data.channel, identity, app_id: '' },
    conversation_id: '',
    contact_id: '',
    metadata: metadata ?? '',
    accept_time: event.meta.recordedAt,
    sender_id: sender,
    processing_mode: event.data.processingMode,
    injected: false,
  };
}

/** `contact_message`: a text, what a provider gave in this wire's own form, or neither. */
export function contactMessage(
  text: string | undefined,
  content: Readonly<Record<string, unknown>> | undefined,
): object {
  return text === undefined ? (content ?? WITHOUT_TEXT) : { text_message: { text } };
}

/** Media of a gateway, for one: the wire's form for a message whose content was not handled. */
const WITHOUT_TEXT = {
  fallback_message: {
    raw_message: '',
    reason: {
      code: 'UNSUPPORTED_OPERATION',
      description: 'The message carries no text.',
      sub_code: 'UNSPECIFIED_SUB_CODE',
    },
  },
} as const;

/** `opt_in_notification` and `opt_out_notification` of a contact's own change. */
export function consentNotification(event: OptedOut | OptedIn, status: string): object {
  return {
    request_id: event.data.requestId,
    contact_id: '',
    channel: event.data.channel,
    identity: personalOf(event).identity,
    status,
    processing_mode: event.data.processingMode,
  };
}

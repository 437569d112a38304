import { personalOf } from './callback-bodies-source.js';
import type { MessageReceived, OptedIn, OptedOut } from '../events/events.js';

// This file is frozen with body version 1: see callback-bodies-v1.ts.

/** Builds `message` of MESSAGE_INBOUND. */
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

/** Builds `contact_message` from a text, from what a provider gave in this wire's own form, or from neither. */
export function contactMessage(
  text: string | undefined,
  content: Readonly<Record<string, unknown>> | undefined,
): object {
  return text === undefined ? (content ?? WITHOUT_TEXT) : { text_message: { text } };
}

/** The wire's form for a message whose content was not handled, such as media of a gateway. */
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

/** Builds `opt_in_notification` and `opt_out_notification` of a contact's own change. */
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

import { z } from 'zod';
import { contactMessage } from '../../../domain/callbacks/callback-bodies-v1-contact.js';
import type { MessageView } from '../../../projections/views/message-view.js';
import { projectParams } from '../common.js';

export const messageParams = projectParams.extend({ message_id: z.string().min(1).max(128) });

/** Clients say which store they mean; there is one, so whatever they say is right. */
export const messageQuery = z.object({ messages_source: z.string().optional() });

const content = z.record(z.string(), z.unknown());

/** A message as the Sinch Conversation API stores it; no conversations and no contacts of theirs are kept. */
export const messageResponse = z.object({
  id: z.string(),
  direction: z.enum(['TO_APP', 'TO_CONTACT']),
  conversation_id: z.string(),
  contact_id: z.string(),
  channel_identity: z.object({ channel: z.string(), identity: z.string(), app_id: z.string() }),
  app_message: content.optional(),
  contact_message: content.optional(),
  metadata: z.string(),
  accept_time: z.string(),
  sender_id: z.string(),
  processing_mode: z.enum(['DISPATCH', 'CONVERSATION']),
  injected: z.boolean(),
});

/** The same content as in the callbacks of the message. */
export function toWireMessage(message: MessageView): z.output<typeof messageResponse> {
  return {
    id: message.messageId,
    direction: message.direction,
    conversation_id: '',
    contact_id: '',
    channel_identity: { channel: message.channel, identity: message.identity, app_id: '' },
    ...contentOf(message),
    metadata: message.metadata,
    accept_time: message.acceptedAt,
    sender_id: message.sender,
    processing_mode: message.processingMode,
    injected: false,
  };
}

function contentOf(message: MessageView) {
  switch (message.direction) {
    case 'TO_APP':
      return {
        contact_message: { ...contactMessage(message.text ?? undefined, message.content ?? undefined) },
      };
    case 'TO_CONTACT':
      return { app_message: message.message };
  }
}

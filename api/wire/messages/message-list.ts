import { z } from 'zod';
import { CHANNELS } from '../../../domain/identity/channels.js';
import { timeQuery } from '../common.js';
import { messageResponse } from './message-stored.js';
import { pageQuery } from '../paging.js';

/** Rows of a page of messages, as the Sinch Conversation API has them. */
export const MESSAGE_PAGE = { standard: 10, max: 1000 } as const;

const notKept = z
  .literal('', { error: 'expected none: contacts and conversations are not kept, ask by channel_identity' })
  .optional();

/**
 * Query of the Sinch Conversation API's "list messages", and `state`, which is ours. What it names and we do not
 * keep is refused: an ignored filter would be a wrong answer. `view` and `messages_source` change nothing here.
 */
export const messageListQuery = z
  .object({
    app_id: z.string().max(128).optional(),
    channel_identity: z.string().max(128).optional().describe('of the contact; needs app_id'),
    channel: z.enum(CHANNELS).optional(),
    direction: z.enum(['TO_APP', 'TO_CONTACT', 'UNDEFINED_DIRECTION']).optional(),
    only_recipient_originated: z.enum(['true', 'false'], { error: 'expected true or false' }).optional(),
    start_time: timeQuery.describe('accepted at this time or later, RFC 3339'),
    end_time: timeQuery.describe('accepted before this time, RFC 3339'),
    state: z
      .enum(['received', 'accepted', 'handing-over', 'waiting', 'blocked', 'dispatched', 'failed'])
      .optional()
      .describe('our addition: where the message stands; received: inbound'),
    conversation_id: notKept,
    contact_id: notKept,
    ...pageQuery(MESSAGE_PAGE),
  })
  .refine(({ channel_identity: identity, app_id: appId }) => !identity || appId, {
    path: ['app_id'],
    error: 'expected beside channel_identity: a contact is one identity within one app',
  });
export type MessageListQuery = z.output<typeof messageListQuery>;

/** Answer of `GET …/messages`, newest first. */
export const messageList = z.object({
  messages: z.array(messageResponse),
  /** Empty on the last page. */
  next_page_token: z.string(),
});

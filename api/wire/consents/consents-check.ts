import { z } from 'zod';
import { CONTENT_TYPES, LIST_TYPES, MODES } from '../../../domain/lists.js';
import { SEND_REASONS } from '../../../domain/messages/send-answer.js';
import { channelOfIdentity } from './identity-channel.js';
import { pastMoment } from '../moment.js';

/** Body of `POST …/consents:check`. */
export const checkRequest = z.strictObject({
  identity: z.string().min(1).max(128),
  channel: channelOfIdentity.optional(),
  message_content_type: z.enum(CONTENT_TYPES).default('CONTENT_UNKNOWN'),
  at: pastMoment.optional(),
});

export const checkResponse = z.object({
  allowed: z.boolean(),
  reason: z
    .enum(SEND_REASONS)
    .describe(
      'RECIPIENT_NOT_OPTED_IN blocks; SECONDARY_MODE and CONSENT_DISABLED: an opt-out stands and is not enforced; ' +
        'SUSPECTED_STOP: the message would wait until somebody decides over what the person wrote',
    ),
  list_type: z.enum(LIST_TYPES).optional().describe('the list that the identity is on, or seems to ask for'),
  event_id: z.string().optional().describe('the event that put it there, or the message that is suspected'),
  decided_at: z.string().describe('the moment that the answer is for'),
  mode: z.enum(MODES),
});

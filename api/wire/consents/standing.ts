import { z } from 'zod';
import { LIST_TYPES } from '../../../domain/lists.js';
import { channelOfIdentity } from './identity-channel.js';
import { pastMoment } from '../moment.js';

export const standingQuery = z.strictObject({
  at: pastMoment.optional(),
  channel: channelOfIdentity.optional(),
});

/** Answer of `GET …/consents/identities/{identity}/standing`: the three lists, always all of them. */
export const standingResponse = z.object({
  identity: z.string(),
  lists: z.array(
    z.object({
      list_type: z.enum(LIST_TYPES),
      opted_out: z.boolean(),
      /** The event that last moved the contact on this list; null when none ever did. */
      event_id: z.string().nullable(),
      decided_at: z.string().nullable(),
    }),
  ),
});

import { z } from 'zod';
import { LIST_TYPES } from '../../../domain/lists.js';
import { LANGUAGES } from '../../../domain/settings.js';

/** Answer of `POST …/inbound/{provider}`: what the ledger holds of the message. */
export const inboundResponse = z.object({
  message_id: z.string(),
  event_id: z.string(),
  duplicate: z.boolean(),
  matched: z
    .object({
      list_type: z.enum(LIST_TYPES),
      direction: z.enum(['OPT_OUT', 'OPT_IN']),
      language: z.enum(LANGUAGES),
    })
    .nullable(),
});

/** `recorded` is false for a receipt that tells nothing new: repeated, or overtaken by a later one. */
export const receiptResponse = z.object({ message_id: z.string(), recorded: z.boolean() });

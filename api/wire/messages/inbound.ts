import { z } from 'zod';
import { LIST_TYPES } from '../../../domain/lists.js';
import { LANGUAGES } from '../../../domain/settings.js';
import { SUSPICION_LANGUAGES } from '../../../domain/suspicion/suspicion.js';

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
  suspected: z
    .object({
      list_type: z.enum(LIST_TYPES),
      phrase: z.string().describe('the words that say so, as they were read: lower case, without accents'),
      language: z.enum(SUSPICION_LANGUAGES),
    })
    .nullable()
    .describe('a text that is no keyword, and seems to ask for a stop in a sentence; see `suspected_stops`'),
});

/** `recorded` is false for a receipt that tells nothing new: repeated, or overtaken by a later one. */
export const receiptResponse = z.object({ message_id: z.string(), recorded: z.boolean() });

import { z } from 'zod';
import { DECISIONS } from '../../../domain/consent/suspicion-decision.js';
import { LIST_TYPES } from '../../../domain/lists.js';
import { SUSPECTED_STOPS } from '../../../domain/settings.js';
import { SUSPICION_LANGUAGES } from '../../../domain/suspicion/suspicion.js';
import { appParams } from '../common.js';
import { pageQuery } from '../paging.js';

/** Each row is read from the ledger, so a page is small. */
export const SUSPICION_PAGE = { standard: 50, max: 200 } as const;

export const suspicionParams = appParams.extend({ suspicion_id: z.string().min(1).max(128) });

/** Ours, so unknown keys are refused. */
export const suspicionQuery = z.strictObject({
  state: z.enum(['open', 'decided']).optional().describe('absent: both'),
  ...pageQuery(SUSPICION_PAGE),
});

const suspicion = z.object({
  id: z.string().describe('the event of the message'),
  message_id: z.string(),
  identity: z.string(),
  channel: z.string(),
  text: z.string().describe('what the person wrote'),
  phrase: z.string().describe('the words that seem to ask for a stop'),
  language: z.enum(SUSPICION_LANGUAGES),
  list_type: z.enum(LIST_TYPES),
  received_at: z.string().describe('when it was recorded'),
  treatment: z.enum(SUSPECTED_STOPS).describe('what the settings made of it then'),
  held_until: z
    .string()
    .nullable()
    .describe('marketing to the person waits until then at the latest; else null'),
  state: z.enum(['open', 'decided']),
  decision: z
    .enum([...DECISIONS, 'obeyed', 'overtaken'])
    .nullable()
    .describe(
      'null while it is open; obeyed: at once, by the setting; overtaken: the person sent a keyword afterwards',
    ),
  decided_at: z.string().nullable(),
  decided_by: z.string().nullable().describe('the access key that decided; else null'),
  decision_event_id: z.string().nullable(),
});
export type WireSuspicion = z.output<typeof suspicion>;

/** Answer of `GET …/suspicions`, oldest first. */
export const suspicionList = z.object({
  suspicions: z.array(suspicion),
  /** Empty on the last page. */
  next_page_token: z.string(),
});

export const decideRequest = z.strictObject({
  decision: z
    .enum(DECISIONS)
    .describe('stop: the person is opted out of the list. not_a_stop: marketing waits no longer'),
});
export const decideResponse = z.object({
  id: z.string(),
  decision: z.enum(DECISIONS),
  event_id: z.string().describe('the event of the decision'),
  repeated: z.boolean().describe('the same decision stood already'),
});

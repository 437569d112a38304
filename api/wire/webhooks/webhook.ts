import { z } from 'zod';
import { makesKey, NO_KEY } from '../../../domain/callbacks/webhook-secret.js';
import { bodyMask } from '../update-mask.js';

/** Everything that a client may register for; more than we fire, so that no client breaks. */
const TRIGGERS = [
  'MESSAGE_INBOUND',
  'MESSAGE_DELIVERY',
  'MESSAGE_SUBMIT',
  'MESSAGE_INBOUND_SMART_CONVERSATION_REDACTION',
  'EVENT_INBOUND',
  'EVENT_DELIVERY',
  'CONVERSATION_START',
  'CONVERSATION_STOP',
  'CONVERSATION_DELETE',
  'CONTACT_CREATE',
  'CONTACT_UPDATE',
  'CONTACT_DELETE',
  'CONTACT_MERGE',
  'CONTACT_IDENTITIES_DUPLICATION',
  'CAPABILITY',
  'OPT_IN',
  'OPT_OUT',
  'CHANNEL_EVENT',
  'RECORD_NOTIFICATION',
  'UNSUPPORTED',
  // The clients of Sinch do not agree on the spelling.
  'SMART_CONVERSATION',
  'SMART_CONVERSATIONS',
  'BATCH_STATUS_UPDATE',
] as const;
const LONGEST_URL = 742;
const LONGEST_SECRET = 1_024;
/** Callbacks to the Conversation API itself would never end. */
const SINCH_HOST = /(?:^|\.)conversation[-.]api\.(?:.+\.)?sinch\.com\.?$/;

const url = z
  .string({ error: 'expected a URL' })
  .min(1, { error: 'expected a URL' })
  .max(LONGEST_URL, { error: `expected at most ${String(LONGEST_URL)} characters` })
  .refine((text) => !SINCH_HOST.test(URL.parse(text)?.hostname ?? ''), {
    error: "expected a host that is not Sinch's own",
  });

/** Signs callbacks. */
export const signingSecret = z.string().max(LONGEST_SECRET).refine(makesKey, { error: NO_KEY });

const clientCredentials = z.object({
  client_id: z.string().min(1).max(LONGEST_SECRET),
  client_secret: z.string().min(1).max(LONGEST_SECRET),
  endpoint: url,
  scope: z.string().max(1_024).nullish(),
  response_type: z.string().max(64).nullish(),
  // "If not set or unrecognized, BASIC is used."
  token_request_type: z.string().nullish(),
});

const optional = {
  target_type: z.enum(['HTTP', 'DISMISS']).nullish().describe('HTTP unless told; DISMISS mutes'),
  secret: signingSecret.nullish().describe('signs the callbacks; none: unsigned'),
  triggers: z.array(z.enum(TRIGGERS)).max(64).nullish(),
  client_credentials: clientCredentials.nullish(),
};

/** The changeable fields of a webhook. */
export const webhookFields = z.object({ target: url, ...optional });
export type WebhookFields = z.infer<typeof webhookFields>;
export const WEBHOOK_FIELDS = Object.keys(webhookFields.shape);

/** Body of `POST …/webhooks`. */
export const webhookCreate = webhookFields.extend({ app_id: z.string().min(1) });

/** Body of `PATCH …/webhooks/{webhook_id}`. */
export const webhookUpdate = webhookFields
  .partial()
  .extend({ app_id: z.string().nullish(), update_mask: bodyMask });

/** A webhook on the wire: always all seven keys, clients index them. */
export const webhookResponse = z.object({
  id: z.string(),
  app_id: z.string(),
  target: z.string(),
  target_type: z.enum(['HTTP', 'DISMISS']),
  secret: z.string().describe('in clear; empty when callbacks are not signed'),
  triggers: z.array(z.string()),
  client_credentials: z
    .object({
      client_id: z.string(),
      client_secret: z.string(),
      endpoint: z.string(),
      scope: z.string().optional(),
      response_type: z.string().optional(),
      token_request_type: z.string(),
    })
    .nullable(),
});
export type WebhookResponse = z.infer<typeof webhookResponse>;

/** Answer of `GET …/apps/{app_id}/webhooks`. */
export const webhookList = z.object({ webhooks: z.array(webhookResponse) });

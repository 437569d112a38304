import { z } from 'zod';
import { CHANNELS } from '../../../domain/identity/channels.js';
import { bodyMask } from '../update-mask.js';
import { signingSecret } from '../webhooks/webhook.js';

const LONGEST_NAME = 256;
const days = (min: number, max: number) => z.number().int().min(min).max(max);

const credential = z.looseObject({
  channel: z.enum(CHANNELS),
  static_bearer: z.looseObject({ claimed_identity: z.string(), token: z.string() }).nullish(),
});
const retentionPolicy = z.object({
  retention_type: z
    .enum(['MESSAGE_EXPIRE_POLICY', 'CONVERSATION_EXPIRE_POLICY', 'PERSIST_RETENTION_POLICY'])
    .nullish(),
  ttl_days: days(1, 3_650).nullish(),
});
const dispatchRetentionPolicy = z.object({
  retention_type: z.literal('MESSAGE_EXPIRE_POLICY').nullish(),
  ttl_days: days(0, 7).nullish(),
});
const deliveryReportBasedFallback = z.object({
  enabled: z.boolean().nullish(),
  delivery_report_waiting_time: z.number().int().min(60).max(259_200).nullish(),
});

/** The changeable fields of an app. */
export const appFields = z.object({
  display_name: z.string().min(1).max(LONGEST_NAME),
  channel_credentials: z.array(credential).max(64).describe('their order is the priority of the channels'),
  processing_mode: z.enum(['DISPATCH', 'CONVERSATION']).nullish(),
  conversation_metadata_report_view: z.enum(['NONE', 'FULL']).nullish(),
  retention_policy: retentionPolicy.nullish().describe('stored, not enforced'),
  dispatch_retention_policy: dispatchRetentionPolicy.nullish().describe('stored, not enforced'),
  smart_conversation: z.object({ enabled: z.boolean().nullish() }).nullish(),
  callback_settings: z.object({ secret_for_overridden_callback_urls: signingSecret.nullish() }).nullish(),
  delivery_report_based_fallback: deliveryReportBasedFallback.nullish(),
  message_retry_settings: z
    .object({ retry_duration: z.number().int().min(30).max(3_600).nullish() })
    .nullish(),
});
export type AppFields = z.infer<typeof appFields>;
export const APP_FIELDS = Object.keys(appFields.shape);

/** Body of `PATCH …/apps/{app_id}`. */
export const appUpdate = appFields.partial().extend({ update_mask: bodyMask });

const enabled = z.object({ enabled: z.boolean() });

/**
 * An app on the wire. Old Python clients index everything down to `smart_conversation`; what follows is there
 * only when it was set, since other clients break at a null.
 */
export const appResponse = z.object({
  id: z.string(),
  display_name: z.string(),
  channel_credentials: z.array(z.record(z.string(), z.unknown())).describe('secrets masked'),
  processing_mode: z.enum(['DISPATCH', 'CONVERSATION']),
  conversation_metadata_report_view: z.enum(['NONE', 'FULL']),
  rate_limits: z
    .object({ inbound: z.number().int(), outbound: z.number().int(), webhooks: z.number().int() })
    .describe('per second; 0: none is set'),
  retention_policy: z.object({ retention_type: z.string(), ttl_days: z.number().int() }),
  dispatch_retention_policy: z.object({ retention_type: z.string(), ttl_days: z.number().int() }),
  smart_conversation: enabled,
  persist_message_status: enabled,
  message_search: enabled,
  callback_settings: z.object({ secret_for_overridden_callback_urls: z.string() }).optional(),
  delivery_report_based_fallback: z
    .object({ enabled: z.boolean(), delivery_report_waiting_time: z.number().int().optional() })
    .optional(),
  message_retry_settings: z.object({ retry_duration: z.number().int().optional() }).optional(),
});
export type AppResponse = z.infer<typeof appResponse>;

/** Answer of `GET …/apps`: all of them. */
export const appList = z.object({ apps: z.array(appResponse) });

import { z } from 'zod';
import { CHANNELS } from '../../../domain/identity/channels.js';
import { CONTENT_TYPES } from '../../../domain/lists.js';
import { appMessage } from './message-content.js';

/** Seconds, as the Sinch Conversation API bounds a message's `ttl`. */
const TTL = { min: 3, max: 315_576_000_000 };

const channel = z.enum(CHANNELS);

const recipient = z
  .object({
    contact_id: z.string().min(1).max(128).optional(),
    identified_by: z
      .object({
        channel_identities: z
          .array(z.object({ channel, identity: z.string().min(1).max(128) }))
          .min(1)
          .max(CHANNELS.length),
      })
      .optional(),
  })
  .refine((value) => (value.contact_id === undefined) !== (value.identified_by === undefined), {
    error: 'needs contact_id or identified_by',
  });

/** Whole seconds: `"10s"` on the wire; `10` and `"10"` as client libraries take it. */
const ttl = z.union([z.number(), z.string().max(20)]).refine((value) => ttlSeconds(value) !== null, {
  error: 'must be whole seconds such as "10s", from 3 to 315576000000',
});

/** The key is remembered as long as its message; other headers are none of our business here. */
export const sendHeaders = z.looseObject({ 'idempotency-key': z.string().min(1).max(128).optional() });

/** Body of `POST /v1/projects/{project_id}/messages:send`. Keys that it does not know are ignored. */
export const sendRequest = z.object({
  app_id: z.string().min(1).max(128),
  recipient,
  message: appMessage,
  message_content_type: z.enum(CONTENT_TYPES).default('CONTENT_UNKNOWN'),
  callback_url: z.string().max(742).optional(),
  channel_priority_order: z.array(channel).max(64).optional(),
  channel_properties: z.record(z.string().max(128), z.string().max(1024)).optional(),
  message_metadata: z.string().max(1024).default(''),
  conversation_metadata: z
    .record(z.string(), z.unknown())
    .refine((value) => JSON.stringify(value).length <= 2048, {
      error: 'must be at most 2048 characters of JSON',
    })
    .optional(),
  conversation_metadata_update_strategy: z.enum(['REPLACE', 'MERGE_PATCH']).optional(),
  correlation_id: z.string().max(128).default(''),
  processing_strategy: z.enum(['DEFAULT', 'DISPATCH_ONLY']).default('DEFAULT'),
  queue: z.enum(['NORMAL_PRIORITY', 'HIGH_PRIORITY']).optional(),
  ttl: ttl.optional(),
});
export type SendRequest = z.output<typeof sendRequest>;

export const sendResponse = z.object({ message_id: z.string(), accepted_time: z.string() });

/** Seconds of a `ttl`, or null when it is not one. */
export function ttlSeconds(value: string | number): number | null {
  const digits = typeof value === 'number' ? String(value) : value.replace(/s$/, '');
  if (!/^\d{1,12}$/.test(digits)) return null;
  const seconds = Number(digits);
  return seconds >= TTL.min && seconds <= TTL.max ? seconds : null;
}

import { z } from 'zod';
import { LIST_TYPES } from '../../../domain/lists.js';
import { channelOfIdentity } from './identity-channel.js';

const evidence = z
  .strictObject({
    obtained_at: z.iso
      .datetime({ offset: true, error: 'expected RFC 3339' })
      .describe('when the person said so'),
    text: z.string().min(1).max(2000).describe('what the person was shown, said, signed or clicked'),
  })
  .describe('an opt-in without it does not override what the person said');

/** Body of `POST …/consents:record`. */
export const recordRequest = z.strictObject({
  records: z
    .array(
      z.strictObject({
        identity: z.string().min(1).max(128),
        channel: channelOfIdentity.optional(),
        list_type: z.enum(LIST_TYPES),
        direction: z.enum(['OPT_OUT', 'OPT_IN']),
        reason: z.string().min(1).max(500).describe('why, in your own words'),
        evidence: evidence.optional(),
      }),
    )
    .min(1)
    .max(1000)
    .describe('records of one identity are recorded one after the other, in this order'),
});
export type RecordRequest = z.output<typeof recordRequest>;

/** Other headers are none of our business here. */
export const recordHeaders = z.looseObject({ 'idempotency-key': z.string().min(1).max(128).optional() });

/** Answer: a result per record, in their order. */
export const recordResponse = z.object({
  results: z.array(
    z.object({
      status: z.enum(['RECORDED', 'REFUSED']),
      changed: z.boolean().optional().describe('false: recorded, but the identity stood there already'),
      code: z
        .literal('NEWER_OPT_OUT')
        .optional()
        .describe('the person opted out after the evidence was obtained, or there is none'),
      event_id: z.string().describe('the event that was recorded; of a refusal, the opt-out that is newer'),
    }),
  ),
});

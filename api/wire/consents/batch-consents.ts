import { z } from 'zod';
import { LIST_TYPES } from '../../../domain/lists.js';

/** Body of `POST /v1/projects/{project_id}/consents` of Sinch's Batch API: opt-outs to insert. */
export const batchConsentsRequest = z.object({
  app_id: z.string().min(1).max(128),
  consent_records: z
    .array(
      z.object({
        /** A phone number in international form, or an identity of channels without phone numbers. */
        identification: z.string().min(1).max(128),
        consent_type: z.enum(LIST_TYPES).default('OPT_OUT_ALL'),
      }),
    )
    .min(1)
    .max(1000),
});

export type BatchConsentsRequest = z.output<typeof batchConsentsRequest>;

export const batchConsentsResponse = z.object({ batch_id: z.string() });

import { z } from 'zod';
import { count, envelope, opaqueId, uuid, word } from './common-schemas.js';

const recording = { projectId: opaqueId, appId: opaqueId, recordingId: uuid };

const result = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('RECORDED'), eventId: uuid, changed: z.boolean() }),
  z.strictObject({ status: z.literal('REFUSED'), eventId: uuid }),
]);

/** Events of `recording-<uuid>`. */
export const recordingSchemas = {
  'recording-started': z.strictObject({
    ...envelope,
    type: z.literal('recording-started'),
    data: z.strictObject({ ...recording, requestHash: word, records: count }),
  }),
  'recording-ended': z.strictObject({
    ...envelope,
    type: z.literal('recording-ended'),
    data: z.strictObject({ ...recording, results: z.array(result) }),
  }),
};

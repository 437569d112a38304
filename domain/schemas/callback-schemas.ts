import { z } from 'zod';
import { count, envelope, instant, milliseconds, opaqueId, ordinal, uuid, word } from './common-schemas.js';
import { FIRED_TRIGGERS } from '../events/events.js';

const callback = {
  projectId: opaqueId,
  appId: opaqueId,
  callbackId: uuid,
  endpointId: opaqueId,
  trigger: z.enum(FIRED_TRIGGERS),
  eventId: uuid,
};

const attempt = {
  attempt: ordinal,
  class: z.enum(['delivered', 'transient', 'misconfigured', 'refused', 'gone', 'blocked']),
  status: z.int().min(100).max(999).nullable(),
  fault: word.nullable(),
  durationMs: milliseconds,
};

function callbackEvent<T extends string, D extends z.core.$ZodLooseShape>(type: T, data: D) {
  return z.strictObject({
    ...envelope,
    type: z.literal(type),
    data: z.strictObject({ ...callback, ...data }),
    personal: z
      .strictObject({ peer: z.string().exactOptional(), excerpt: z.string().exactOptional() })
      .exactOptional(),
  });
}

/** Events of `callback-<uuid>`. */
export const callbackSchemas = {
  'callback-attempted': callbackEvent('callback-attempted', {
    ...attempt,
    nextAttemptAt: instant,
    retryAfterMs: milliseconds.nullable(),
  }),
  'callback-delivered': callbackEvent('callback-delivered', attempt),
  'callback-parked': callbackEvent('callback-parked', {
    attempts: count,
    reason: z.enum([
      'exhausted',
      'refused',
      'gone',
      'blocked',
      'endpoint-removed',
      'endpoint-disabled',
      'app-deleted',
      'restored',
    ]),
    last: z.strictObject(attempt).nullable(),
  }),
  'callback-retry-requested': z.strictObject({
    ...envelope,
    type: z.literal('callback-retry-requested'),
    data: z.strictObject(callback),
  }),
};

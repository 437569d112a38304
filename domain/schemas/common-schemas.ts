import { z } from 'zod';
import { LIST_TYPES } from '../lists.js';

/** RFC 3339 UTC with exactly three digits for ms, so that text order is time order. */
export const instant = z.iso.datetime({ precision: 3, error: 'expected RFC 3339 UTC with ms' });

export const uuid = z
  .string()
  .regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u, 'expected a UUID in lower case');

export const ulid = z.string().regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/u, 'expected a ULID');

/** An id of ours that means nothing: no blanks, no `+`, so that no text and hardly an address fits. */
export const opaqueId = z.string().regex(/^[\w.:~-]{1,128}$/u, 'expected an opaque id');

/** Such an id is also never 3–15 digits alone: a phone number would stand where its contact's id belongs. */
export const contactId = z
  .string()
  .regex(/^(?![0-9]{3,15}$)[\w.:~-]{1,128}$/u, 'expected an opaque id that is no phone number');

/** A provider's id for a message is never such digits alone either, because a phone number might hide there. */
export const providerMessageId = contactId.describe('id of a message at its provider');

/** A short word from our own code or the wire's enumerations. */
export const word = z.string().min(1);
export const revision = z.int().min(0);
export const count = z.int().min(0);
export const ordinal = z.int().min(1);
export const milliseconds = z.number().min(0);

export const listType = z.enum(LIST_TYPES);
export const direction = z.enum(['OPT_OUT', 'OPT_IN']);
export const processingMode = z.enum(['DISPATCH', 'CONVERSATION']);
export const bodyVersion = z.literal(1);

const actor = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('contact') }),
  z.strictObject({ type: z.literal('access-key'), id: opaqueId }),
  z.strictObject({ type: z.literal('provider'), name: word }),
  z.strictObject({ type: z.literal('system') }),
]);

const meta = z.strictObject({
  recordedAt: instant,
  occurredAt: instant,
  actor,
  causationId: z.string().exactOptional(),
  correlationId: z.string().exactOptional(),
});

/** Keys of every event but `type`, `data` and `personal`. */
export const envelope = { id: uuid, version: z.literal(1), meta };

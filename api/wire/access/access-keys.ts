import { z } from 'zod';
import { projectParams } from '../common.js';

const SCOPES = ['read', 'send', 'inbound', 'admin'] as const;

const scopes = z
  .array(z.enum(SCOPES))
  .min(1)
  .refine((all) => new Set(all).size === all.length, { error: 'expected each scope once' })
  .describe('`admin` includes the others');

export const keyParams = projectParams.extend({ key_id: z.string().min(1).max(128) });

/** Body of `POST …/access-keys`. */
export const newKeyRequest = z.strictObject({
  name: z
    .string()
    .regex(/^[^\p{C}]{1,100}$/u, { error: 'expected 1 to 100 printable characters' })
    .describe('who uses the key; shown in the list'),
  scopes,
});

const key = {
  key_id: z.string(),
  name: z.string(),
  scopes,
  created_at: z.string(),
};

/** The only answer that ever holds the secret. */
export const newKeyResponse = z.object({ ...key, key_secret: z.string() });

export const keyList = z.object({
  access_keys: z.array(
    z.object({
      ...key,
      key_secret: z.string().describe('masked: only its hash is kept'),
      created_by: z
        .string()
        .nullable()
        .describe('the access key that made it; null: the installation itself'),
    }),
  ),
});

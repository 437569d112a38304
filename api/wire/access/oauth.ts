import { z } from 'zod';

/** RFC 6749 §4.4.2; credentials stand in the Basic header, or here (§2.3.1). */
export const tokenRequest = z.object({
  grant_type: z.string({ error: 'expected client_credentials' }),
  client_id: z.string().optional(),
  client_secret: z.string().optional(),
});

/** All four: clients index every key. */
export const tokenResponse = z.object({
  access_token: z.string(),
  expires_in: z.number(),
  scope: z.string(),
  token_type: z.literal('bearer'),
});

import { z } from 'zod';
import { MASK } from '../../../domain/mask.js';

const sid = (prefix: string, what: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}[0-9a-fA-F]{32}$`, 'u'), `expected ${what}: ${prefix} and 32 hex digits`);
const secret = z.string().min(1).max(1_024);

/** `type: twilio`: an account at Twilio. */
export const twilioSettings = z.strictObject({
  type: z.literal('twilio'),
  account_sid: sid('AC', 'an account SID'),
  auth_token: secret.describe(`signs what Twilio posts to inbound/twilio; ${MASK} on read`),
  previous_auth_token: secret
    .nullable()
    .describe('accepted too until it is set to null; a new auth_token moves the old one here'),
  api_key_sid: sid('SK', 'the SID of an API key')
    .nullable()
    .describe('signs in to send; null: the account SID and the auth token do'),
  api_key_secret: secret.nullable().describe(`needed with api_key_sid; ${MASK} on read`),
  messaging_service_sid: sid('MG', 'the SID of a Messaging Service')
    .nullable()
    .describe('chooses the sender of messages that name none'),
  base_url: z
    .string()
    .max(742)
    .regex(/^[^?#]+$/u, 'expected a URL without a query')
    .nullable()
    .describe('origin of the API; null: Twilio’s own'),
});

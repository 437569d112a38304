import { z } from 'zod';
import { MASK } from '../../domain/mask.js';
import type { TwilioSettings } from '../../domain/schemas/providers/twilio.js';
import type { AppSecrets } from '../provider/app-secrets.js';
import type { PatchOf } from '../provider/descriptor.js';
import { InvalidSetting } from '../provider/invalid-setting.js';
import {
  goesElsewhere,
  needed,
  originAfter,
  requireAnew,
  rotatedAfter,
  sealedAfter,
} from '../provider/patched-secrets.js';
import { origin, secret } from '../provider/setting-fields.js';

const sid = (prefix: string, what: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}[0-9a-fA-F]{32}$`, 'u'), `expected ${what}: ${prefix} and 32 hex digits`);

/** `type: twilio`: an account at Twilio. */
export const twilioWire = z.strictObject({
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
  base_url: origin.describe('origin of the API; null: Twilio’s own'),
});
type Patch = PatchOf<typeof twilioWire>;

/** As it is shown: secrets masked. */
export function showTwilio(settings: TwilioSettings): z.input<typeof twilioWire> {
  const { accountSid, sealedPreviousAuthToken, apiKey, messagingServiceSid, baseUrl } = settings;
  return {
    type: 'twilio',
    account_sid: accountSid,
    auth_token: MASK,
    previous_auth_token: sealedPreviousAuthToken === null ? null : MASK,
    api_key_sid: apiKey?.sid ?? null,
    api_key_secret: apiKey === null ? null : MASK,
    messaging_service_sid: messagingServiceSid,
    base_url: baseUrl,
  };
}

/** The settings that a PATCH makes of those that stand. @throws InvalidSetting for a field that is missing */
export function patchedTwilio(
  before: TwilioSettings | undefined,
  patch: Patch,
  seal: AppSecrets,
): TwilioSettings {
  const tokens = rotatedAfter(
    { current: patch.auth_token, previous: patch.previous_auth_token },
    { current: before?.sealedAuthToken, previous: before?.sealedPreviousAuthToken ?? null },
    seal.inbound,
  );
  const apiKey = apiKeyAfter(before?.apiKey ?? null, patch, seal.channel);
  const baseUrl = originAfter(patch.base_url, before?.baseUrl);
  if (before !== undefined && goesElsewhere(baseUrl, before.baseUrl)) {
    // Also beside an API key: the token signs in as soon as the key is taken away.
    requireAnew('auth_token', patch.auth_token);
    if (apiKey !== null) requireAnew('api_key_secret', patch.api_key_secret);
  }
  const { messaging_service_sid: service = before?.messagingServiceSid ?? null } = patch;
  return {
    type: 'twilio',
    accountSid: needed('account_sid', patch.account_sid ?? before?.accountSid, 'twilio'),
    sealedAuthToken: needed('auth_token', tokens.current, 'twilio'),
    sealedPreviousAuthToken: tokens.previous,
    apiKey,
    messagingServiceSid: service,
    baseUrl,
  };
}

/** A secret belongs to one key: another key needs its own. */
function apiKeyAfter(
  before: TwilioSettings['apiKey'],
  { api_key_sid: sid = before?.sid ?? null, api_key_secret: secret }: Patch,
  seal: (plain: string) => string,
): TwilioSettings['apiKey'] {
  const given = secret ?? undefined;
  if (sid === null) {
    if (given !== undefined && given !== MASK)
      throw new InvalidSetting('api_key_sid', 'needed with api_key_secret');
    return null;
  }
  const sealedSecret = sealedAfter(given, before?.sid === sid ? before.sealedSecret : undefined, seal);
  if (sealedSecret === undefined) throw new InvalidSetting('api_key_secret', 'needed with api_key_sid');
  return { sid, sealedSecret };
}

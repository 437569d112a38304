import type { z } from 'zod';
import { channelSecretContext, inboundSecretContext } from '../../domain/seal-contexts.js';
import type { TwilioSettings } from '../../domain/schemas/providers/twilio.js';
import {
  goesElsewhere,
  needed,
  originAfter,
  requireAnew,
  rotatedAfter,
  sealedAfter,
  type Seal,
} from './channel-secrets.js';
import { invalidField } from '../server/errors.js';
import type { ChannelSettingsPatch } from '../wire/apps/channel-settings.js';
import type { twilioSettings } from '../wire/apps/channel-settings-twilio.js';
import { MASK } from '../../domain/mask.js';

/** As it is shown: secrets masked. */
export function showTwilio(settings: TwilioSettings): z.infer<typeof twilioSettings> {
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

/** The settings that a PATCH makes of those that stand. @throws ApiError for a field that is missing */
export function patchedTwilio(
  appId: string,
  before: TwilioSettings | undefined,
  patch: ChannelSettingsPatch,
  seal: Seal,
): TwilioSettings {
  const tokens = rotatedAfter(
    { current: patch.auth_token, previous: patch.previous_auth_token },
    { current: before?.sealedAuthToken, previous: before?.sealedPreviousAuthToken ?? null },
    (plain) => seal(plain, inboundSecretContext(appId)),
  );
  const apiKey = apiKeyAfter(before?.apiKey ?? null, patch, (plain) =>
    seal(plain, channelSecretContext(appId)),
  );
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
  { api_key_sid: sid = before?.sid ?? null, api_key_secret: secret }: ChannelSettingsPatch,
  seal: (plain: string) => string,
): TwilioSettings['apiKey'] {
  const given = secret ?? undefined;
  if (sid === null) {
    if (given !== undefined && given !== MASK)
      throw invalidField('api_key_sid', 'needed with api_key_secret');
    return null;
  }
  const sealedSecret = sealedAfter(given, before?.sid === sid ? before.sealedSecret : undefined, seal);
  if (sealedSecret === undefined) throw invalidField('api_key_secret', 'needed with api_key_sid');
  return { sid, sealedSecret };
}

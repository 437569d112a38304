import type { TwilioSettings } from '../../domain/schemas/providers/twilio.js';
import type { Opening } from '../provider/descriptor.js';
import type { TwilioAccount } from './twilio-channel.js';

const API_URL = 'https://api.twilio.com';

/** An app's settings as the channel needs them. @throws what `open` throws */
export function openTwilioAccount(
  settings: TwilioSettings,
  { appId, publicUrl, secrets }: Opening,
): TwilioAccount {
  const { accountSid, apiKey, sealedAuthToken, messagingServiceSid, baseUrl } = settings;
  return {
    accountSid,
    apiUrl: baseUrl ?? API_URL,
    user: apiKey?.sid ?? accountSid,
    secret: apiKey === null ? secrets.inbound(sealedAuthToken) : secrets.channel(apiKey.sealedSecret),
    messagingServiceSid,
    statusCallback:
      publicUrl === null
        ? null
        : ({ projectId, messageId }) =>
            `${publicUrl}/v1/projects/${projectId}/apps/${appId}/inbound/twilio?message_id=${messageId}`,
  };
}

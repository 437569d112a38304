import { channelSecretContext, inboundSecretContext } from '../../domain/seal-contexts.js';
import type { TwilioSettings } from '../../domain/schemas/providers/twilio.js';
import type { TwilioAccount } from './twilio.js';

const API_URL = 'https://api.twilio.com';

export interface TwilioOpening {
  readonly appId: string;
  /** Where the world reaches us, without a slash at the end; null where nobody outside does. */
  readonly publicUrl: string | null;
  readonly open: (sealed: string, context: string) => string;
}

/** An app's settings as the channel needs them. @throws what `open` throws */
export function openTwilioAccount(
  settings: TwilioSettings,
  { appId, publicUrl, open }: TwilioOpening,
): TwilioAccount {
  const { accountSid, apiKey, sealedAuthToken, messagingServiceSid, baseUrl } = settings;
  return {
    accountSid,
    apiUrl: baseUrl ?? API_URL,
    user: apiKey?.sid ?? accountSid,
    secret:
      apiKey === null
        ? open(sealedAuthToken, inboundSecretContext(appId))
        : open(apiKey.sealedSecret, channelSecretContext(appId)),
    messagingServiceSid,
    statusCallback:
      publicUrl === null
        ? null
        : ({ projectId, messageId }) =>
            `${publicUrl}/v1/projects/${projectId}/apps/${appId}/inbound/twilio?message_id=${messageId}`,
  };
}

import type { SinchSettings } from '../../domain/schemas/providers/sinch.js';
import type { SinchAccount } from './sinch-channel.js';

/** The one token endpoint of Sinch that is good for every region. */
const AUTH_URL = 'https://auth.sinch.com';

/** An app's settings as the channel needs them. @throws what `open` throws */
export function openSinchAccount(settings: SinchSettings, open: (sealed: string) => string): SinchAccount {
  const { projectId, appId, region, baseUrl, authUrl, keyId, sealedKeySecret } = settings;
  return {
    projectId,
    appId,
    apiUrl: baseUrl ?? `https://${region}.conversation.api.sinch.com`,
    credentials: {
      endpoint: `${authUrl ?? AUTH_URL}/oauth2/token`,
      clientId: keyId,
      clientSecret: open(sealedKeySecret),
      requestType: 'BASIC',
    },
  };
}

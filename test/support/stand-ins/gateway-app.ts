import type { Gateway } from './gateway.js';
import type { Instance } from '../instance/instance.js';

export const GATEWAY_SECRET = 'a secret of the gateway';

/** An app whose messages leave through the gateway. @returns its id */
export async function createGatewayApp(
  instance: Instance,
  gateway: Pick<Gateway, 'url'>,
  settings: { readonly idempotent?: boolean } = {},
): Promise<string> {
  const app = await instance.call<{ id: string }>('POST', '/apps', {
    display_name: 'through the gateway',
    channel_credentials: [{ channel: 'SMS', static_bearer: { claimed_identity: 'x', token: 'y' } }],
  });
  const { idempotent = false } = settings;
  const answer = await instance.call('PATCH', `/apps/${app.body.id}/channel-settings`, {
    ...{ type: 'http', url: gateway.url, secret: GATEWAY_SECRET, idempotent },
  });
  if (answer.status !== 200) throw new Error(`channel settings: ${String(answer.status)}`);
  return app.body.id;
}

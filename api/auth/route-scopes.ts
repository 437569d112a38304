import type { Provider } from '../../channels/provider/descriptor.js';
import { asksByGet, PROVIDERS } from '../../channels/providers.js';
import type { Scope } from '../../domain/events/events.js';

/** A `public` route is served without sign-in. */
export type Access = Scope | 'public';

const PROJECT = '/v1/projects/:project_id';
const APP = `${PROJECT}/apps/:app_id`;

/**
 * Says what a caller's key must allow, for every route that is served: path as it is registered (`::` stands for one
 * colon) → method → scope. This is the only place that says so; a route without a cell stops the start.
 * `admin` includes the others.
 */
export const ROUTE_SCOPES: Readonly<Record<string, Readonly<Record<string, Access>>>> = {
  '/health/live': { GET: 'public' },
  '/health/ready': { GET: 'public' },
  // Where only this machine can connect it is mounted without sign-in.
  '/metrics': { GET: 'admin' },
  '/oauth2/token': { POST: 'public' },

  [`${PROJECT}/access-keys`]: { GET: 'admin', POST: 'admin' },
  [`${PROJECT}/access-keys/:key_id`]: { DELETE: 'admin' },
  [`${PROJECT}/apps`]: { GET: 'read', POST: 'admin' },
  [APP]: { GET: 'read', PATCH: 'admin', DELETE: 'admin' },
  [`${APP}/channel-settings`]: { GET: 'read', PATCH: 'admin' },
  [`${APP}/consent-settings`]: { GET: 'read', PATCH: 'admin' },
  [`${APP}/consents::check`]: { POST: 'read' },
  [`${APP}/consents::record`]: { POST: 'send' },
  [`${APP}/consents/:list_type`]: { GET: 'read' },
  [`${APP}/consents/identities/:identity`]: { GET: 'read' },
  [`${APP}/consents/identities/:identity/standing`]: { GET: 'read' },
  [`${APP}/suspicions`]: { GET: 'read' },
  // It opts people out, and lets marketing go on.
  [`${APP}/suspicions/:suspicion_id(^[^:/]+)::decide`]: { POST: 'admin' },
  [`${APP}/inbound/generic`]: { POST: 'inbound' },
  ...Object.fromEntries(PROVIDERS.map(inboundCell)),
  [`${APP}/receipts/generic`]: { POST: 'inbound' },
  [`${APP}/simulator/messages`]: { GET: 'read' },
  // Sinch's routes for webhooks show their secrets.
  [`${APP}/webhooks`]: { GET: 'admin' },
  [`${PROJECT}/callbacks`]: { GET: 'read' },
  // Peers and answers only with `admin`.
  [`${PROJECT}/callbacks/:callback_id`]: { GET: 'read' },
  [`${PROJECT}/callbacks/:callback_id(^[^:/]+)::retry`]: { POST: 'admin' },
  [`${PROJECT}/consents`]: { POST: 'send' },
  [`${PROJECT}/messages`]: { GET: 'read' },
  [`${PROJECT}/messages/:message_id`]: { GET: 'read' },
  [`${PROJECT}/messages::send`]: { POST: 'send' },
  [`${PROJECT}/webhooks`]: { POST: 'admin' },
  [`${PROJECT}/webhooks/:webhook_id`]: { GET: 'admin', PATCH: 'admin', DELETE: 'admin' },
  [`${PROJECT}/webhooks/:webhook_id/delivery-settings`]: { GET: 'read', PATCH: 'admin' },
};

/** Finds the cell of one route; undefined where the table has none. Whoever may GET may ask for the headers alone. */
export function accessTo(method: string, path: string): Access | undefined {
  return ROUTE_SCOPES[path]?.[method === 'HEAD' ? 'GET' : method];
}

/** The provider's signature stands for the sign-in; where it asks by GET, what it was told does. */
function inboundCell(provider: Provider): [path: string, cell: Readonly<Record<string, Access>>] {
  const asked = asksByGet(provider) ? { GET: 'public' as const } : {};
  return [`${APP}/inbound/${provider.name}`, { POST: 'public', ...asked }];
}

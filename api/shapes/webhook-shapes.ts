import { clientSecretContext, endpointSecretContext } from '../../domain/seal-contexts.js';
import type { ClientCredentials, Endpoint } from '../../domain/settings.js';
import type { RootKey } from '../../ledger/keys/root-key.js';
import type { AppDeps } from '../deps.js';
import { notFound } from '../server/errors.js';
import type { WebhookFields, WebhookResponse } from '../wire/webhooks/webhook.js';

type WireCredentials = NonNullable<WebhookResponse['client_credentials']>;

function openCredentials(rootKey: RootKey, id: string, given: ClientCredentials): WireCredentials {
  return {
    client_id: given.clientId,
    client_secret: rootKey.open(given.sealedClientSecret, clientSecretContext(id)),
    endpoint: given.endpoint,
    ...(given.scope === undefined ? {} : { scope: given.scope }),
    ...(given.responseType === undefined ? {} : { response_type: given.responseType }),
    token_request_type: given.tokenRequestType,
  };
}

function sealCredentials(
  rootKey: RootKey,
  id: string,
  given: NonNullable<WebhookFields['client_credentials']>,
): ClientCredentials {
  return {
    clientId: given.client_id,
    sealedClientSecret: rootKey.seal(given.client_secret, clientSecretContext(id)),
    endpoint: given.endpoint,
    ...(given.scope ? { scope: given.scope } : {}),
    ...(given.response_type ? { responseType: given.response_type } : {}),
    tokenRequestType: given.token_request_type === 'FORM' ? 'FORM' : 'BASIC',
  };
}

/** Shows a webhook as the Conversation API does, its secrets opened. */
export function toWebhook(rootKey: RootKey, appId: string, endpoint: Endpoint): WebhookResponse {
  const { id, sealedSecret, clientCredentials } = endpoint;
  return {
    id,
    app_id: appId,
    target: endpoint.target,
    target_type: endpoint.targetType,
    secret: sealedSecret === null ? '' : rootKey.open(sealedSecret, endpointSecretContext(id)),
    triggers: [...endpoint.triggers],
    client_credentials: clientCredentials === null ? null : openCredentials(rootKey, id, clientCredentials),
  };
}

/** Turns the wire's fields into what an endpoint keeps; its secrets are sealed for its id. */
export function toEndpoint(
  rootKey: RootKey,
  kept: Pick<Endpoint, 'id' | 'delivery' | 'disabled'>,
  fields: WebhookFields,
): Endpoint {
  const { secret, client_credentials: credentials } = fields;
  return {
    ...kept,
    target: fields.target,
    targetType: fields.target_type ?? 'HTTP',
    sealedSecret: secret ? rootKey.seal(secret, endpointSecretContext(kept.id)) : null,
    triggers: [...new Set(fields.triggers ?? [])],
    clientCredentials: credentials ? sealCredentials(rootKey, kept.id, credentials) : null,
  };
}

/** Project, app and endpoint of a webhook id, which alone stands in a path. @throws ApiError 404 */
export function findWebhook(
  { views }: AppDeps,
  params: { readonly project_id: string; readonly webhook_id: string },
): { readonly projectId: string; readonly appId: string; readonly endpointId: string } {
  const found = views.endpoints.find(params.project_id, params.webhook_id);
  if (found === undefined) throw notFound('webhook');
  return { projectId: params.project_id, appId: found.appId, endpointId: params.webhook_id };
}

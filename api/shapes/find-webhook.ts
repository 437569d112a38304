import type { AppDeps } from '../deps.js';
import { notFound } from '../server/errors.js';

/** Project, app and endpoint of a webhook id, which alone stands in a path. @throws ApiError 404 */
export function findWebhook(
  { views }: AppDeps,
  params: { readonly project_id: string; readonly webhook_id: string },
): { readonly projectId: string; readonly appId: string; readonly endpointId: string } {
  const found = views.endpoints.find(params.project_id, params.webhook_id);
  if (found === undefined) throw notFound('webhook');
  return { projectId: params.project_id, appId: found.appId, endpointId: params.webhook_id };
}

import type { FastifyRequest } from 'fastify';
import {
  changeEndpoint,
  readEndpoint,
  registerEndpoint,
  removeEndpoint,
} from '../../../ledger/commands/endpoint-commands.js';
import { newUlid } from '../../../ledger/event-ids.js';
import { readApp } from '../../../ledger/reads/app-reads.js';
import { DEFAULT_DELIVERY_SETTINGS } from '../../../domain/settings.js';
import { actorOf } from '../../auth/actor.js';
import type { Api, AppDeps } from '../../deps.js';
import { invalidField } from '../../server/errors.js';
import { checked, mergePatch } from '../../shapes/merge-patch.js';
import { requireTarget } from '../../shapes/target-problems.js';
import { findWebhook, toEndpoint, toWebhook } from '../../shapes/webhook-shapes.js';
import { appParams, nothing, projectParams, webhookParams } from '../../wire/common.js';
import { maskOf, maskQuery } from '../../wire/update-mask.js';
import {
  WEBHOOK_FIELDS,
  webhookCreate,
  webhookFields,
  webhookList,
  webhookResponse,
  webhookUpdate,
  type WebhookFields,
} from '../../wire/webhooks/webhook.js';

const tags = ['Webhooks'];
const ONE = '/v1/projects/:project_id/webhooks/:webhook_id';
const SHORT_SECRET = 16;

/** Checks every address that the fields name. */
async function requireTargets(
  { checkTarget }: AppDeps,
  target: string | undefined,
  credentials: WebhookFields['client_credentials'],
): Promise<void> {
  if (target !== undefined) await requireTarget(checkTarget, 'target', target);
  if (credentials) await requireTarget(checkTarget, 'client_credentials.endpoint', credentials.endpoint);
}

/** Logs an endpoint without a secret: a receiver that cannot tell our requests from others' ought to be noticed. */
function warnOfWeakSecret(
  request: FastifyRequest,
  webhookId: string,
  secret: string | null | undefined,
): void {
  if (!secret) request.log.warn({ webhookId }, 'webhook without a secret: its callbacks are not signed');
  else if (secret.length < SHORT_SECRET) request.log.warn({ webhookId }, 'webhook with a short secret');
}

/** Serves webhooks as the Conversation API has them. */
export function registerWebhooks(app: Api, deps: AppDeps): void {
  registerCreate(app, deps);
  registerReads(app, deps);
  registerUpdate(app, deps);
  app.delete(
    ONE,
    {
      schema: { summary: 'Remove a webhook', tags, params: webhookParams, response: { 200: nothing } },
    },
    async (request) => {
      await removeEndpoint(deps, { ...findWebhook(deps, request.params), actor: actorOf(request) });
      return {};
    },
  );
}

function registerCreate(app: Api, deps: AppDeps): void {
  app.post(
    '/v1/projects/:project_id/webhooks',
    {
      schema: {
        summary: 'Register a webhook',
        tags,
        params: projectParams,
        body: webhookCreate,
        response: { 200: webhookResponse },
      },
    },
    async (request) => {
      const { app_id: appId, ...fields } = request.body;
      await requireTargets(deps, fields.target, fields.client_credentials);
      const kept = { id: newUlid(deps.clock.now()), delivery: DEFAULT_DELIVERY_SETTINGS, disabled: null };
      const endpoint = toEndpoint(deps.rootKey, kept, fields);
      const target = { projectId: request.params.project_id, appId, actor: actorOf(request) };
      await registerEndpoint(deps, target, endpoint);
      warnOfWeakSecret(request, endpoint.id, fields.secret);
      return toWebhook(deps.rootKey, appId, endpoint);
    },
  );
}

function registerReads(app: Api, deps: AppDeps): void {
  app.get(
    '/v1/projects/:project_id/apps/:app_id/webhooks',
    {
      schema: {
        summary: 'List the webhooks of an app',
        tags,
        params: appParams,
        response: { 200: webhookList },
      },
    },
    async (request) => {
      const { project_id: projectId, app_id: appId } = request.params;
      const { state } = await readApp(deps.ledger, projectId, appId);
      return { webhooks: state.endpoints.map((endpoint) => toWebhook(deps.rootKey, appId, endpoint)) };
    },
  );

  app.get(
    ONE,
    {
      schema: { summary: 'Get a webhook', tags, params: webhookParams, response: { 200: webhookResponse } },
    },
    async (request) => {
      const target = findWebhook(deps, request.params);
      return toWebhook(deps.rootKey, target.appId, await readEndpoint(deps.ledger, target));
    },
  );
}

function registerUpdate(app: Api, deps: AppDeps): void {
  app.patch(
    ONE,
    {
      schema: {
        summary: 'Change a webhook',
        tags,
        params: webhookParams,
        querystring: maskQuery,
        body: webhookUpdate,
        response: { 200: webhookResponse },
      },
    },
    async (request) => {
      const { app_id: appId, update_mask: inBody, ...patch } = request.body;
      const mask = maskOf(request.query, inBody);
      const target = findWebhook(deps, request.params);
      if (appId && appId !== target.appId) throw invalidField('app_id', 'a webhook stays with its app');
      // A field that the mask leaves out is not looked at, because some clients send the target with every change.
      const named = (field: string): boolean =>
        mask === undefined || mask.some((path) => path.split('.')[0] === field);
      const newTarget = named('target') ? patch.target : undefined;
      await requireTargets(
        deps,
        newTarget,
        named('client_credentials') ? patch.client_credentials : undefined,
      );
      const changed = await changeEndpoint(deps, { ...target, actor: actorOf(request) }, (endpoint) => {
        const current = toWebhook(deps.rootKey, target.appId, endpoint);
        const fields = checked(webhookFields, mergePatch(current, patch, mask, WEBHOOK_FIELDS));
        // Whoever names the address anew says that it is good again.
        const revived = newTarget !== undefined && endpoint.disabled?.reason === 'gone';
        return toEndpoint(deps.rootKey, revived ? { ...endpoint, disabled: null } : endpoint, fields);
      });
      const webhook = toWebhook(deps.rootKey, target.appId, changed);
      if (patch.secret !== undefined) warnOfWeakSecret(request, webhook.id, webhook.secret);
      return webhook;
    },
  );
}

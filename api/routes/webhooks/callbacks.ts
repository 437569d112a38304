import type { FastifyRequest } from 'fastify';
import { readDeliveryLog } from '../../../ledger/reads/delivery-log.js';
import type { CallbackFilter } from '../../../projections/views/callback-pages.js';
import { allows } from '../../auth/auth.js';
import { toCallbackDetail, toWireCallback } from '../../shapes/callback-shapes.js';
import { contactFilter } from '../../shapes/sought-identity.js';
import type { Api, AppDeps } from '../../deps.js';
import { notFound } from '../../server/errors.js';
import { fillPage } from '../../shapes/fill-page.js';
import { askedPage } from '../../shapes/page-tokens.js';
import {
  CALLBACK_PAGE,
  callbackDetail,
  callbackList,
  callbackParams,
  callbackQuery,
  type CallbackQuery,
  type WireCallbackDetail,
} from '../../wire/webhooks/callbacks.js';
import { projectParams } from '../../wire/common.js';

const tags = ['Callbacks'];

/** Serves the delivery log: what became of the callbacks of a project. */
export function registerCallbacks(app: Api, deps: AppDeps): void {
  registerList(app, deps);
  registerOne(app, deps);
}

function registerList(app: Api, deps: AppDeps): void {
  const { views } = deps;
  app.get(
    '/v1/projects/:project_id/callbacks',
    {
      schema: {
        summary: 'List callbacks, newest event first',
        tags,
        params: projectParams,
        querystring: callbackQuery,
        response: { 200: callbackList },
      },
    },
    async ({ params, query }) => {
      const { project_id: projectId } = params;
      const filter = filterOf(deps, projectId, query);
      const page = askedPage(deps, query, CALLBACK_PAGE, 'callbacks', projectId, JSON.stringify(filter));
      const { rows, nextKey } = await fillPage((read) => {
        const { callbacks, nextKey: next } = views.callbacks.page(projectId, filter, read);
        return { rows: callbacks, nextKey: next };
      }, page.read);
      return { callbacks: rows.map(toWireCallback), next_page_token: page.next(nextKey) };
    },
  );
}

function filterOf({ views, rootKey }: AppDeps, projectId: string, query: CallbackQuery): CallbackFilter {
  const { identity, app_id: appId } = query;
  const filter = {
    state: query.state ?? null,
    appId: appId ?? null,
    endpointId: query.endpoint_id ?? null,
    contactId: null,
    trigger: query.trigger ?? null,
    from: query.from ?? null,
    to: query.to ?? null,
  };
  if (identity === undefined || appId === undefined) return filter;
  const first = { afterKey: null, limit: 1 };
  const contactId = contactFilter(rootKey, { projectId, appId, identity }, (id) => {
    const ofContact = { ...NO_FILTER, appId, contactId: id };
    return views.callbacks.page(projectId, ofContact, first).callbacks.length > 0;
  });
  return { ...filter, contactId };
}

const NO_FILTER: CallbackFilter = {
  ...{ state: null, appId: null, endpointId: null, contactId: null, trigger: null, from: null, to: null },
};

function registerOne(app: Api, deps: AppDeps): void {
  app.get(
    '/v1/projects/:project_id/callbacks/:callback_id',
    {
      schema: {
        summary: 'One callback with all its attempts',
        tags,
        params: callbackParams,
        response: { 200: callbackDetail },
      },
    },
    async (request) => readDetail(deps, request, request.params),
  );
}

/** Reads one callback with its attempts. @throws ApiError 404 for one that is unknown or another project's */
async function readDetail(
  { ledger, views }: AppDeps,
  { principal }: Pick<FastifyRequest, 'principal'>,
  { project_id: projectId, callback_id: callbackId }: { project_id: string; callback_id: string },
): Promise<WireCallbackDetail> {
  const read = await readDeliveryLog(ledger, callbackId);
  const log = read?.data.projectId === projectId ? read : undefined;
  const first = log?.attempts[0];
  const view =
    views.callbacks.open(projectId, callbackId) ??
    (first === undefined ? undefined : views.callbacks.recent(projectId, callbackId, first.at));
  const detail = toCallbackDetail(log, view, allows(principal.scopes, 'admin'));
  if (detail === undefined) throw notFound('callback');
  return detail;
}

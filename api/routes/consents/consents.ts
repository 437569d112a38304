import type { AuditRecord } from '../../../projections/views/audit-trail.js';
import type { Api, AppDeps } from '../../deps.js';
import { notFound } from '../../server/errors.js';
import { askedPage } from '../../shapes/page-tokens.js';
import { soughtIdentity } from '../../shapes/sought-identity.js';
import {
  auditQuery,
  auditResponse,
  identitiesResponse,
  identityParams,
  listParams,
  listQuery,
  LIST_PAGE,
} from '../../wire/consents/consents.js';

/** Serves the two reads of the Sinch Conversation API's consents. */
export function registerConsents(app: Api, deps: AppDeps): void {
  registerList(app, deps);
  registerAudit(app, deps);
}

/** The wire knows two origins; a sentence that was obeyed came from the person as well. */
function originOnTheWire(origin: AuditRecord['origin']): 'ORIGIN_API' | 'ORIGIN_MO' {
  return origin === 'ORIGIN_API' ? origin : 'ORIGIN_MO';
}

function registerList(app: Api, deps: AppDeps): void {
  const { views } = deps;
  app.get(
    '/v1/projects/:project_id/apps/:app_id/consents/:list_type',
    {
      schema: {
        summary: 'List the identities of one list',
        tags: ['Consents'],
        params: listParams,
        querystring: listQuery,
        response: { 200: identitiesResponse },
      },
    },
    async (request) => {
      const { project_id: projectId, app_id: appId, list_type: listType } = request.params;
      if (views.apps.get(projectId, appId) === undefined) throw notFound('app');
      const page = askedPage(deps, request.query, LIST_PAGE, 'consents', projectId, appId, listType);
      const { identities, nextKey } = views.consentLists.page(appId, listType, page.read);
      return {
        identities: identities.map(({ identity }) => ({ identity })),
        // Some clients end at an empty page without looking at its token, so an empty page has none.
        next_page_token: page.next(identities.length === 0 ? null : nextKey),
      };
    },
  );
}

function registerAudit(app: Api, { views, rootKey }: AppDeps): void {
  app.get(
    '/v1/projects/:project_id/apps/:app_id/consents/identities/:identity',
    {
      schema: {
        summary: 'Every change of the lists for one identity, oldest first',
        tags: ['Consents'],
        params: identityParams,
        querystring: auditQuery,
        response: { 200: auditResponse },
      },
    },
    async (request) => {
      const { project_id: projectId, app_id: appId } = request.params;
      if (views.apps.get(projectId, appId) === undefined) throw notFound('app');
      const { identity } = request.params;
      const sought = soughtIdentity(rootKey, { projectId, appId, identity, channel: request.query.channel });
      const found = sought
        .map((one) => ({ ...one, records: views.audit.records(one.contactIds) }))
        .find(({ records }) => records.length > 0);
      return {
        identity: { identity: (found ?? sought[0]).identity },
        audit_records: (found?.records ?? []).map((record) => ({
          origin: originOnTheWire(record.origin),
          operation: record.operation,
          list_type: record.listType,
          project_id: record.projectId,
          app_id: record.appId,
          datetime: record.datetime,
        })),
      };
    },
  );
}

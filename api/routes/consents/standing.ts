import { LIST_TYPES } from '../../../domain/lists.js';
import { readApp } from '../../../ledger/reads/app-reads.js';
import { readContact } from '../../../ledger/reads/contact-reads.js';
import type { Api, AppDeps } from '../../deps.js';
import { identitySpellings } from '../../shapes/identities.js';
import { toPast } from '../../shapes/past-moment.js';
import { identityParams } from '../../wire/consents/consents.js';
import { standingQuery, standingResponse } from '../../wire/consents/standing.js';

/** `GET …/standing`: where a contact stands now or stood at a past moment, by the ledger itself, and the event that decided each list. */
export function registerStanding(app: Api, { ledger, rootKey, clock }: AppDeps): void {
  app.get(
    '/v1/projects/:project_id/apps/:app_id/consents/identities/:identity/standing',
    {
      schema: {
        summary: 'Where one identity stands on the three lists',
        tags: ['Consents'],
        params: identityParams,
        querystring: standingQuery,
        response: { 200: standingResponse },
      },
    },
    async (request) => {
      const { project_id: projectId, app_id: appId } = request.params;
      const at = toPast(request.query.at, clock.now());
      await readApp(ledger, projectId, appId, at);
      const spellings = identitySpellings(request.params.identity);
      const states = await Promise.all(
        spellings.map((identity) => readContact(ledger, rootKey.contactId(projectId, appId, identity), at)),
      );
      const known = states.findIndex((state) => state !== undefined);
      const standing = states[known]?.standing ?? {};
      return {
        identity: spellings[known] ?? spellings[0],
        lists: LIST_TYPES.map((listType) => ({
          list_type: listType,
          opted_out: standing[listType]?.optedOut ?? false,
          event_id: standing[listType]?.eventId ?? null,
          decided_at: standing[listType]?.at ?? null,
        })),
      };
    },
  );
}

import { LIST_TYPES } from '../../../domain/lists.js';
import { readApp } from '../../../ledger/reads/app-reads.js';
import { readContact } from '../../../ledger/reads/contact-reads.js';
import type { Api, AppDeps } from '../../deps.js';
import { mergeStandings } from '../../shapes/merge-standings.js';
import { soughtIdentity, type Sought } from '../../shapes/sought-identity.js';
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
      const { identity } = request.params;
      const { channel } = request.query;
      const sought = soughtIdentity(rootKey, { projectId, appId, identity, channel });
      const readOf = ({ contactIds }: Sought) =>
        Promise.all(contactIds.map((contactId) => readContact(ledger, contactId, at)));
      const read = await Promise.all(sought.map(readOf));
      const known = read.findIndex((contacts) => contacts.some((contact) => contact !== undefined));
      const standing = mergeStandings((read[known] ?? []).map((contact) => contact?.standing ?? {}));
      return {
        identity: (sought[known] ?? sought[0]).identity,
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

import { explainSend } from '../../../domain/messages/send-answer.js';
import { readApp } from '../../../ledger/reads/app-reads.js';
import { readContact } from '../../../ledger/reads/contact-reads.js';
import type { Api, AppDeps } from '../../deps.js';
import { changeIdentity, contactsOf } from '../../shapes/identities.js';
import { toPast } from '../../shapes/past-moment.js';
import { appParams } from '../../wire/common.js';
import { checkRequest, checkResponse } from '../../wire/consents/consents-check.js';

/** `POST …/consents:check`: what a send would meet, by the ledger itself and the rule that hand-overs ask. */
export function registerConsentsCheck(app: Api, { ledger, rootKey, clock }: AppDeps): void {
  app.post(
    '/v1/projects/:project_id/apps/:app_id/consents::check',
    {
      schema: {
        summary: 'Whether a message to somebody may leave, now or at a past moment',
        tags: ['Consents'],
        params: appParams,
        body: checkRequest,
        response: { 200: checkResponse },
      },
    },
    async (request) => {
      const { project_id: projectId, app_id: appId } = request.params;
      const { message_content_type: contentType } = request.body;
      const contacts = contactsOf(rootKey, { projectId, appId }, changeIdentity('identity', request.body));
      const now = clock.now();
      const at = toPast(request.body.at, now);
      // The reads begin in one turn, so with SQLite they see the same ledger.
      const [{ state }, ...known] = await Promise.all([
        readApp(ledger, projectId, appId, at),
        ...contacts.map((contactId) => readContact(ledger, contactId, at)),
      ]);
      const { enabled, mode } = state.consent;
      const standings = known.map((contact) => contact?.standing ?? {});
      const heldStops = known.flatMap((contact) => contact?.heldStops ?? []);
      const judged = at === undefined ? now : Date.parse(at);
      const facts = { enabled, mode, contentType, standings, heldStops, now: judged };
      const { allowed, reason, optOut } = explainSend(facts);
      return {
        ...{ allowed, reason, mode },
        ...(optOut === null ? {} : { list_type: optOut.listType, event_id: optOut.decidedBy }),
        decided_at: at ?? new Date(now).toISOString(),
      };
    },
  );
}

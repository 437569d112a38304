import { genericInboundBody, toInbound } from '../../../channels/generic.js';
import { createProviderIds } from '../../../ledger/commands/provider-ids.js';
import { recordInbound } from '../../../ledger/commands/record-inbound.js';
import { withinDeadline } from '../../server/deadline.js';
import type { Api, AppDeps } from '../../deps.js';
import { unavailable } from '../../server/errors.js';
import { outcomeOf, type HttpCounters } from '../../server/http-counters.js';
import { appParams } from '../../wire/common.js';
import { inboundResponse } from '../../wire/messages/inbound.js';

/** Providers give up after some ten seconds; ours is the last word before that. */
const DEADLINE_MS = 8_000;

const late = () => unavailable('outcome unknown, repeat with the same message_id');

/** `POST …/inbound/generic`: what contacts write. 200 means that the ledger has it, and that the block holds. */
export function registerInbound(app: Api, deps: AppDeps, counters: Pick<HttpCounters, 'inbound'>): void {
  const { ledger, clock, rootKey } = deps;
  const inbound = { ledger, clock, rootKey, providerIds: createProviderIds() };
  app.post(
    '/v1/projects/:project_id/apps/:app_id/inbound/generic',
    {
      schema: {
        summary: 'Record an inbound message of any gateway',
        tags: ['Inbound'],
        params: appParams,
        body: genericInboundBody,
        response: { 200: inboundResponse },
      },
    },
    async (request) => {
      const { project_id: projectId, app_id: appId } = request.params;
      const message = { ...toInbound(request.body), projectId, appId };
      const recorded = await withinDeadline(recordInbound(inbound, message), DEADLINE_MS, late);
      counters.inbound('generic', outcomeOf(recorded));
      const { messageId, eventId, duplicate, matched } = recorded;
      if (recorded.providerIdReused) {
        request.log.warn(
          { appId, eventId, provider: message.provider },
          'a message id came again with another text',
        );
      }
      return {
        message_id: messageId,
        event_id: eventId,
        duplicate,
        matched: matched && {
          list_type: matched.listType,
          direction: matched.direction,
          language: matched.language,
        },
      };
    },
  );
}

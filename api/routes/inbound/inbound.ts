import { genericInboundBody, toInbound } from '../../../channels/generic.js';
import type { Api } from '../../deps.js';
import { appParams } from '../../wire/common.js';
import { inboundResponse } from '../../wire/messages/inbound.js';
import { beforeProvidersGiveUp, type InboundRecorder } from './inbound-recorder.js';

/** `POST …/inbound/generic`: what contacts write. 200 means that the ledger has it, and that the block holds. */
export function registerInbound(app: Api, recorder: InboundRecorder): void {
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
      const at = { projectId, appId, provider: 'generic' } as const;
      const { messageId, eventId, duplicate, matched, suspected } = await beforeProvidersGiveUp(
        recorder.record(at, toInbound(request.body), request.log),
        'repeat with the same message_id',
      );
      return {
        message_id: messageId,
        event_id: eventId,
        duplicate,
        matched: matched && {
          list_type: matched.listType,
          direction: matched.direction,
          language: matched.language,
        },
        suspected: suspected && {
          list_type: suspected.listType,
          phrase: suspected.phrase,
          language: suspected.language,
        },
      };
    },
  );
}

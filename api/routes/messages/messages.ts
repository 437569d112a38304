import { acceptMessage } from '../../../ledger/commands/accept-message.js';
import { readApp } from '../../../ledger/reads/app-reads.js';
import { actorOf } from '../../auth/actor.js';
import { canonicalJson } from '../../shapes/canonical-json.js';
import type { Api, AppDeps } from '../../deps.js';
import { notFound } from '../../server/errors.js';
import { toSendCommand } from '../../shapes/send-command.js';
import { requireTarget } from '../../shapes/target-problems.js';
import { projectParams } from '../../wire/common.js';
import { sendHeaders, sendRequest, sendResponse } from '../../wire/messages/message-send.js';
import {
  messageParams,
  messageQuery,
  messageResponse,
  toWireMessage,
} from '../../wire/messages/message-stored.js';

/** Serves sending and reading messages as the Sinch Conversation API does. */
export function registerMessages(app: Api, deps: AppDeps): void {
  registerSend(app, deps);
  registerGet(app, deps);
}

function registerSend(app: Api, deps: AppDeps): void {
  app.post(
    // A doubled colon stands for one in a path of Fastify's.
    '/v1/projects/:project_id/messages::send',
    {
      schema: {
        summary: 'Send a message',
        description:
          'Answers once the message is accepted; whether it may leave is decided at its hand-over.',
        tags: ['Messages'],
        params: projectParams,
        headers: sendHeaders,
        body: sendRequest,
        response: { 200: sendResponse },
      },
    },
    async (request) => {
      const { body } = request;
      const { state } = await readApp(deps.ledger, request.params.project_id, body.app_id);
      const command = toSendCommand(body, state);
      if (body.callback_url !== undefined) {
        await requireTarget(deps.checkTarget, 'callback_url', body.callback_url);
      }
      const key = request.headers['idempotency-key'];
      const { messageId, acceptedAt } = await acceptMessage(deps, {
        ...command,
        actor: actorOf(request),
        ...(key === undefined ? {} : { idempotency: { key, request: canonicalJson(body) } }),
      });
      return { message_id: messageId, accepted_time: acceptedAt };
    },
  );
}

function registerGet(app: Api, { views }: AppDeps): void {
  app.get(
    '/v1/projects/:project_id/messages/:message_id',
    {
      schema: {
        summary: 'Read a message of either direction',
        tags: ['Messages'],
        params: messageParams,
        querystring: messageQuery,
        response: { 200: messageResponse },
      },
    },
    async (request) => {
      const message = views.messages.get(request.params.project_id, request.params.message_id);
      if (message === undefined) throw notFound('message');
      return toWireMessage(message);
    },
  );
}

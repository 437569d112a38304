import type { Api, AppDeps } from '../../deps.js';
import { notFound } from '../../server/errors.js';
import { askedPage } from '../../shapes/page-tokens.js';
import { appParams } from '../../wire/common.js';
import { SIMULATOR_PAGE, simulatorQuery, simulatorResponse } from '../../wire/apps/simulator-messages.js';

/** `GET …/simulator/messages`: what the simulated phones of an app received. */
export function registerSimulatorMessages(app: Api, deps: AppDeps): void {
  const { views, simulator } = deps;
  app.get(
    '/v1/projects/:project_id/apps/:app_id/simulator/messages',
    {
      schema: {
        summary: 'What the simulated phones received, oldest hand-over first',
        tags: ['Simulator'],
        params: appParams,
        querystring: simulatorQuery,
        response: { 200: simulatorResponse },
      },
    },
    async (request) => {
      const { project_id: projectId, app_id: appId } = request.params;
      if (views.apps.get(projectId, appId) === undefined) throw notFound('app');
      if (simulator === null) throw notFound('simulator');
      const page = askedPage(deps, request.query, SIMULATOR_PAGE, 'simulator', projectId, appId);
      const { afterKey, limit } = page.read;
      const { messages, next } = simulator.page(appId, { after: Number(afterKey ?? 0), limit });
      return {
        messages: messages.map((message) => ({
          message_id: message.messageId,
          identity: message.identity,
          text: message.text,
          kind: message.kind,
          handed_over_at: message.handedOverAt,
        })),
        next_page_token: page.next(next === null ? null : String(next)),
      };
    },
  );
}

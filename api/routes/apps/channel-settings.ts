import { secretsOf } from '../../../channels/provider/app-secrets.js';
import { changeChannelSettings } from '../../../ledger/commands/app-commands.js';
import { readApp } from '../../../ledger/reads/app-reads.js';
import { appTarget } from '../../auth/actor.js';
import type { Api, AppDeps } from '../../deps.js';
import { patchedChannel, showChannel } from '../../shapes/channel-settings.js';
import { requireTarget } from '../../shapes/target-problems.js';
import { channelSettings, channelSettingsPatch, TARGET_FIELDS } from '../../wire/apps/channel-settings.js';
import { appParams } from '../../wire/common.js';

const tags = ['Settings'];
const PATH = '/v1/projects/:project_id/apps/:app_id/channel-settings';

/** How an app's messages leave; ours, so unknown keys are refused. */
export function registerChannelSettings(app: Api, deps: AppDeps): void {
  app.get(
    PATH,
    {
      schema: {
        summary: "Get an app's channel settings",
        tags,
        params: appParams,
        response: { 200: channelSettings },
      },
    },
    async (request) => {
      const { state } = await readApp(deps.ledger, request.params.project_id, request.params.app_id);
      return showChannel(state.channel);
    },
  );

  app.patch(
    PATH,
    {
      schema: {
        summary: "Change an app's channel settings",
        tags,
        params: appParams,
        body: channelSettingsPatch,
        response: { 200: channelSettings },
      },
    },
    async (request) => {
      const patch = request.body;
      for (const [field, target] of Object.entries(patch)) {
        const isTarget = TARGET_FIELDS.has(field) && typeof target === 'string';
        if (isTarget) await requireTarget(deps.checkTarget, field, target);
      }
      const seal = secretsOf(request.params.app_id, (secret, context) => deps.rootKey.seal(secret, context));
      const { state } = await changeChannelSettings(deps, appTarget(request), (before) =>
        patchedChannel(before, patch, { seal, hasSimulator: deps.simulator !== null }),
      );
      return showChannel(state.channel);
    },
  );
}

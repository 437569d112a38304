import type { z } from 'zod';
import { channelSecretContext } from '../../domain/seal-contexts.js';
import type { ChannelSettings } from '../../domain/settings.js';
import { changeChannelSettings } from '../../ledger/app-commands.js';
import { readApp } from '../../ledger/app-reads.js';
import { actorOf } from '../actor.js';
import type { Api, AppDeps } from '../deps.js';
import { invalidField } from '../errors.js';
import { requireTarget } from '../target-problems.js';
import {
  channelSettings,
  channelSettingsPatch,
  type ChannelSettingsPatch,
} from '../wire/channel-settings.js';
import { appParams, MASK } from '../wire/common.js';

const tags = ['Settings'];
const PATH = '/v1/projects/:project_id/apps/:app_id/channel-settings';

function toWire(channel: ChannelSettings): z.infer<typeof channelSettings> {
  switch (channel.type) {
    case 'simulator':
      return { type: 'simulator' };
    case 'http':
      return { type: 'http', url: channel.url, secret: MASK, idempotent: channel.idempotent };
  }
}

/** The channel that a PATCH makes of the one that stands. @throws ApiError for a missing or a foreign field */
function patched(
  { rootKey, simulator }: AppDeps,
  appId: string,
  before: ChannelSettings,
  patch: ChannelSettingsPatch,
): ChannelSettings {
  const { type = before.type, url, secret, idempotent } = patch;
  if (type === 'simulator') {
    const foreign = Object.keys(patch).find((key) => key !== 'type');
    if (foreign !== undefined) throw invalidField(foreign, 'not a field of type simulator');
    if (simulator === null) throw invalidField('type', 'the simulator does not run here');
    return { type };
  }
  const kept = before.type === 'http' ? before : undefined;
  const sealed =
    secret === undefined || secret === MASK
      ? kept?.sealedSecret
      : rootKey.seal(secret, channelSecretContext(appId));
  const address = url ?? kept?.url;
  if (address === undefined) throw invalidField('url', 'needed for type http');
  if (sealed === undefined) throw invalidField('secret', 'needed for type http');
  return { type, url: address, sealedSecret: sealed, idempotent: idempotent ?? kept?.idempotent ?? false };
}

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
      return toWire(state.channel);
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
      const { project_id: projectId, app_id: appId } = request.params;
      const patch = request.body;
      if (patch.url !== undefined) await requireTarget(deps.checkTarget, 'url', patch.url);
      const target = { projectId, appId, actor: actorOf(request) };
      const { state } = await changeChannelSettings(deps, target, (before) =>
        patched(deps, appId, before, patch),
      );
      return toWire(state.channel);
    },
  );
}

import { channelSecretContext } from '../../../domain/seal-contexts.js';
import { MASK } from '../../../domain/mask.js';
import type { ChannelSettings } from '../../../domain/settings.js';
import { changeChannelSettings } from '../../../ledger/commands/app-commands.js';
import { readApp } from '../../../ledger/reads/app-reads.js';
import { appTarget } from '../../auth/actor.js';
import { sealedAfter, type Seal } from '../../shapes/channel-secrets.js';
import { patchedSinch, showSinch } from '../../shapes/channel-sinch.js';
import { patchedTwilio, showTwilio } from '../../shapes/channel-twilio.js';
import type { Api, AppDeps } from '../../deps.js';
import { invalidField } from '../../server/errors.js';
import { requireTarget } from '../../shapes/target-problems.js';
import {
  CHANNEL_FIELDS,
  channelSettings,
  channelSettingsPatch,
  type ChannelSettingsPatch,
  type ShownChannel,
} from '../../wire/apps/channel-settings.js';
import { appParams } from '../../wire/common.js';

const tags = ['Settings'];
const PATH = '/v1/projects/:project_id/apps/:app_id/channel-settings';

function toWire(channel: ChannelSettings): ShownChannel {
  switch (channel.type) {
    case 'simulator':
      return { type: 'simulator' };
    case 'http':
      return { type: 'http', url: channel.url, secret: MASK, idempotent: channel.idempotent };
    case 'sinch':
      return showSinch(channel);
    case 'twilio':
      return showTwilio(channel);
  }
}

/** The channel that a PATCH makes of the one that stands. @throws ApiError for a missing or a foreign field */
function patched(
  { rootKey, simulator }: AppDeps,
  appId: string,
  before: ChannelSettings,
  patch: ChannelSettingsPatch,
): ChannelSettings {
  const { type = before.type } = patch;
  const foreign = Object.keys(patch).find((key) => !Object.hasOwn(CHANNEL_FIELDS[type], key));
  if (foreign !== undefined) throw invalidField(foreign, `not a field of type ${type}`);
  const seal: Seal = (plain, context) => rootKey.seal(plain, context);
  switch (type) {
    case 'simulator':
      if (simulator === null) throw invalidField('type', 'the simulator does not run here');
      return { type };
    case 'http':
      return patchedHttp(appId, before.type === type ? before : undefined, patch, seal);
    case 'sinch':
      return patchedSinch(appId, before.type === type ? before : undefined, patch, seal);
    case 'twilio':
      return patchedTwilio(appId, before.type === type ? before : undefined, patch, seal);
  }
}

type HttpSettings = Extract<ChannelSettings, { type: 'http' }>;

function patchedHttp(
  appId: string,
  before: HttpSettings | undefined,
  { url = before?.url, secret, idempotent = before?.idempotent ?? false }: ChannelSettingsPatch,
  seal: Seal,
): HttpSettings {
  const sealedSecret = sealedAfter(secret, before?.sealedSecret, (plain) =>
    seal(plain, channelSecretContext(appId)),
  );
  if (url === undefined) throw invalidField('url', 'needed for type http');
  if (sealedSecret === undefined) throw invalidField('secret', 'needed for type http');
  return { type: 'http', url, sealedSecret, idempotent };
}

/** Fields that name where requests of ours go. */
const TARGETS = ['url', 'base_url', 'auth_url'] as const;

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
      const patch = request.body;
      for (const field of TARGETS) {
        const target = patch[field];
        if (typeof target === 'string') await requireTarget(deps.checkTarget, field, target);
      }
      const { state } = await changeChannelSettings(deps, appTarget(request), (before) =>
        patched(deps, request.params.app_id, before, patch),
      );
      return toWire(state.channel);
    },
  );
}

import { InvalidSetting } from '../../channels/provider/invalid-setting.js';
import type { AppSecrets } from '../../channels/provider/app-secrets.js';
import { needed, sealedAfter } from '../../channels/provider/patched-secrets.js';
import { providerOf } from '../../channels/providers.js';
import { MASK } from '../../domain/mask.js';
import type { ChannelSettings } from '../../domain/settings.js';
import {
  CHANNEL_FIELDS,
  type ChannelSettingsPatch,
  type ShownChannel,
} from '../wire/apps/channel-settings.js';

/** As an admin sees them: secrets masked. */
export function showChannel(channel: ChannelSettings): ShownChannel {
  switch (channel.type) {
    case 'simulator':
      return { type: 'simulator' };
    case 'http':
      return { type: 'http', url: channel.url, secret: MASK, idempotent: channel.idempotent };
    default:
      return providerOf(channel.type).settings.show(channel);
  }
}

/**
 * The channel that a PATCH makes of the one that stands.
 * @param given what the PATCH names
 * @throws InvalidSetting for a missing or a foreign field
 */
export function patchedChannel(
  before: ChannelSettings,
  given: ChannelSettingsPatch,
  deps: { readonly seal: AppSecrets; readonly hasSimulator: boolean },
): ChannelSettings {
  const { type = before.type, ...fields } = given;
  const foreign = Object.keys(fields).find((field) => CHANNEL_FIELDS.get(type)?.[field] === undefined);
  if (foreign !== undefined) throw new InvalidSetting(foreign, `not a field of type ${type}`);
  switch (type) {
    case 'simulator':
      if (!deps.hasSimulator) throw new InvalidSetting('type', 'the simulator does not run here');
      return { type };
    case 'http':
      return patchedHttp(before.type === type ? before : undefined, fields, deps.seal);
    default:
      return providerOf(type).settings.patch(before.type === type ? before : undefined, fields, deps.seal);
  }
}

type HttpSettings = Extract<ChannelSettings, { type: 'http' }>;

function patchedHttp(
  before: HttpSettings | undefined,
  { url, secret, idempotent = before?.idempotent ?? false }: ChannelSettingsPatch,
  seal: AppSecrets,
): HttpSettings {
  return {
    type: 'http',
    url: needed('url', url ?? before?.url, 'http'),
    sealedSecret: needed('secret', sealedAfter(secret, before?.sealedSecret, seal.channel), 'http'),
    idempotent,
  };
}

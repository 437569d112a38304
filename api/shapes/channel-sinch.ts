import type { z } from 'zod';
import { channelSecretContext, inboundSecretContext } from '../../domain/seal-contexts.js';
import type { SinchSettings } from '../../domain/schemas/providers/sinch.js';
import {
  goesElsewhere,
  needed,
  originAfter,
  requireAnew,
  rotatedAfter,
  sealedAfter,
  type Seal,
} from './channel-secrets.js';
import type { ChannelSettingsPatch } from '../wire/apps/channel-settings.js';
import type { sinchSettings } from '../wire/apps/channel-settings-sinch.js';
import { MASK } from '../../domain/mask.js';

/** As it is shown: secrets masked. */
export function showSinch(settings: SinchSettings): z.infer<typeof sinchSettings> {
  return {
    type: 'sinch',
    sinch_project_id: settings.projectId,
    sinch_app_id: settings.appId,
    region: settings.region,
    base_url: settings.baseUrl,
    auth_url: settings.authUrl,
    key_id: settings.keyId,
    key_secret: MASK,
    inbound_secret: MASK,
    previous_inbound_secret: settings.sealedPreviousInboundSecret === null ? null : MASK,
  };
}

/** The settings that a PATCH makes of those that stand. @throws ApiError for a field that is missing */
export function patchedSinch(
  appId: string,
  before: SinchSettings | undefined,
  patch: ChannelSettingsPatch,
  seal: Seal,
): SinchSettings {
  const baseUrl = originAfter(patch.base_url, before?.baseUrl);
  const authUrl = originAfter(patch.auth_url, before?.authUrl);
  // The token endpoint gets the secret itself, the API what it gives out for it.
  const moves =
    before !== undefined &&
    (goesElsewhere(baseUrl, before.baseUrl) || goesElsewhere(authUrl, before.authUrl));
  if (moves) requireAnew('key_secret', patch.key_secret);
  const inbound = rotatedAfter(
    { current: patch.inbound_secret, previous: patch.previous_inbound_secret },
    { current: before?.sealedInboundSecret, previous: before?.sealedPreviousInboundSecret ?? null },
    (plain) => seal(plain, inboundSecretContext(appId)),
  );
  const keySecret = sealedAfter(patch.key_secret, before?.sealedKeySecret, (plain) =>
    seal(plain, channelSecretContext(appId)),
  );
  return {
    type: 'sinch',
    projectId: needed('sinch_project_id', patch.sinch_project_id ?? before?.projectId, 'sinch'),
    appId: needed('sinch_app_id', patch.sinch_app_id ?? before?.appId, 'sinch'),
    region: needed('region', patch.region ?? before?.region, 'sinch'),
    baseUrl,
    authUrl,
    keyId: needed('key_id', patch.key_id ?? before?.keyId, 'sinch'),
    sealedKeySecret: needed('key_secret', keySecret, 'sinch'),
    sealedInboundSecret: needed('inbound_secret', inbound.current, 'sinch'),
    sealedPreviousInboundSecret: inbound.previous,
  };
}

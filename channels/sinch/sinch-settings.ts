import { z } from 'zod';
import { MASK } from '../../domain/mask.js';
import { SINCH_REGIONS, type SinchSettings } from '../../domain/schemas/providers/sinch.js';
import type { AppSecrets } from '../provider/app-secrets.js';
import type { PatchOf } from '../provider/descriptor.js';
import {
  goesElsewhere,
  needed,
  originAfter,
  requireAnew,
  rotatedAfter,
  sealedAfter,
} from '../provider/patched-secrets.js';
import { origin, secret } from '../provider/setting-fields.js';

const id = z.string().regex(/^[\w.:~-]{1,128}$/u, 'expected an id as Sinch shows it');

/** `type: sinch`: an app of the Sinch Conversation API. */
export const sinchWire = z.strictObject({
  type: z.literal('sinch'),
  sinch_project_id: id.describe('the project at Sinch'),
  sinch_app_id: id.describe('the app at Sinch; callbacks of another one are refused'),
  region: z.enum(SINCH_REGIONS),
  base_url: origin.describe('origin of the API; null: Sinch’s own of the region'),
  auth_url: origin.describe('origin of the token endpoint; null: Sinch’s own'),
  key_id: id,
  key_secret: secret.describe(`${MASK} on read`),
  inbound_secret: secret.describe(`signs what Sinch posts to inbound/sinch; ${MASK} on read`),
  previous_inbound_secret: secret
    .nullable()
    .describe(`accepted too until it is set to null; a new inbound_secret moves the old one here`),
});

/** As it is shown: secrets masked. */
export function showSinch(settings: SinchSettings): z.input<typeof sinchWire> {
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

/** The settings that a PATCH makes of those that stand. @throws InvalidSetting for a field that is missing */
export function patchedSinch(
  before: SinchSettings | undefined,
  patch: PatchOf<typeof sinchWire>,
  seal: AppSecrets,
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
    seal.inbound,
  );
  const keySecret = sealedAfter(patch.key_secret, before?.sealedKeySecret, seal.channel);
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

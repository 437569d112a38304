import { z } from 'zod';
import { direction, envelope, listType, opaqueId, processingMode, word } from './common-schemas.js';
import { MODES } from '../lists.js';
import { KEYWORD_SETS, LANGUAGES, SUSPECTED_STOPS } from '../settings.js';
import { PROVIDER_SETTINGS } from './provider-settings.js';

const cell = { language: z.enum(LANGUAGES), listType, direction };

const consent = z.strictObject({
  enabled: z.boolean(),
  mode: z.enum(MODES),
  languages: z.array(z.enum(LANGUAGES)),
  keywordSets: z.array(z.enum(KEYWORD_SETS)),
  keywords: z.array(z.strictObject({ ...cell, words: z.array(z.string()), replaceDefaults: z.boolean() })),
  replies: z.array(z.strictObject({ ...cell, text: z.string() })),
  help: z
    .array(
      z.strictObject({
        language: z.enum(LANGUAGES),
        words: z.array(z.string()),
        replaceDefaults: z.boolean(),
        text: z.string().exactOptional(),
      }),
    )
    .exactOptional(),
  autoReply: z.boolean(),
  startClearsAll: z.boolean(),
  callbackOnBlock: z.boolean(),
  callbackOnApi: z.boolean(),
  accentFolding: z.boolean(),
  suspectedStops: z.enum(SUSPECTED_STOPS).exactOptional(),
});

const channel = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('simulator') }),
  z.strictObject({ type: z.literal('http'), url: word, sealedSecret: word, idempotent: z.boolean() }),
  ...Object.values(PROVIDER_SETTINGS),
]);

const clientCredentials = z.strictObject({
  clientId: z.string(),
  sealedClientSecret: word,
  endpoint: word,
  scope: z.string().exactOptional(),
  responseType: z.string().exactOptional(),
  tokenRequestType: z.enum(['BASIC', 'FORM']),
});

const endpoint = z.strictObject({
  id: opaqueId,
  target: word,
  targetType: z.enum(['HTTP', 'DISMISS']),
  sealedSecret: word.nullable(),
  triggers: z.array(word),
  clientCredentials: clientCredentials.nullable(),
  delivery: z.strictObject({
    profile: z.enum(['durable', 'sinch']),
    delays: z.array(z.number().min(0)).exactOptional(),
    timeoutS: z.number().min(1).max(30),
  }),
  disabled: z.strictObject({ reason: z.enum(['gone', 'owner']) }).nullable(),
});

const state = z.strictObject({
  projectId: opaqueId,
  appId: opaqueId,
  deleted: z.boolean(),
  displayName: z.string(),
  processingMode,
  profile: z.record(z.string(), z.unknown()),
  consent,
  channel,
  endpoints: z.array(endpoint),
  sealedOverrideSecret: word.nullable(),
});

function appEvent<T extends string>(type: T) {
  return z.strictObject({ ...envelope, type: z.literal(type), data: z.strictObject({ state }) });
}

function endpointEvent<T extends string>(type: T) {
  const data = z.strictObject({ state, endpointId: opaqueId });
  return z.strictObject({ ...envelope, type: z.literal(type), data });
}

/** Events of `app-<id>`. */
export const appSchemas = {
  'app-created': appEvent('app-created'),
  'app-changed': appEvent('app-changed'),
  'app-deleted': appEvent('app-deleted'),
  'consent-settings-changed': appEvent('consent-settings-changed'),
  'channel-settings-changed': appEvent('channel-settings-changed'),
  'endpoint-registered': endpointEvent('endpoint-registered'),
  'endpoint-changed': endpointEvent('endpoint-changed'),
  'endpoint-removed': endpointEvent('endpoint-removed'),
  'endpoint-disabled': endpointEvent('endpoint-disabled'),
  'endpoint-enabled': endpointEvent('endpoint-enabled'),
};

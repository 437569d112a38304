import { z } from 'zod';
import { credentialContext, overrideSecretContext } from '../../domain/seal-contexts.js';
import type { AppState } from '../../domain/settings.js';
import type { StoredAppFields } from '../../ledger/commands/app-commands.js';
import type { RootKey } from '../../ledger/keys/root-key.js';
import { mapSecrets, showCredential, unmask, type Credential } from './channel-credentials.js';
import type { ApiConfig } from '../deps.js';
import type { Fields } from './merge-patch.js';
import { MASK } from '../../domain/mask.js';
import { appFields, type AppFields, type AppResponse } from '../wire/apps/app.js';

const DEFAULT_TTL_DAYS = 180;
const OVERRIDE_SECRET = 'secret_for_overridden_callback_urls';

/** The fields of `AppState.profile` beside the credentials, as the wire gave them. */
const profileShape = appFields
  .omit({ display_name: true, processing_mode: true, callback_settings: true, channel_credentials: true })
  .partial();

const entries = z.array(z.record(z.string(), z.unknown())).catch([]);
const credentialsOf = (state: AppState): readonly Credential[] =>
  entries.parse(state.profile['channel_credentials']);

/** Shows an app's changeable fields in clear, to merge a PATCH into. */
export function toFields(rootKey: RootKey, state: AppState): Fields {
  const { appId, sealedOverrideSecret: sealed } = state;
  const open = (text: string): string => rootKey.open(text, credentialContext(appId));
  return {
    ...state.profile,
    display_name: state.displayName,
    processing_mode: state.processingMode,
    channel_credentials: credentialsOf(state).map((entry) => mapSecrets(entry, open)),
    callback_settings:
      sealed === null ? null : { [OVERRIDE_SECRET]: rootKey.open(sealed, overrideSecretContext(appId)) },
  };
}

/**
 * Turns checked fields into what the ledger keeps.
 * @param before the app as it stood, for masks that are sent back; undefined for a new app
 */
export function toStored(
  rootKey: RootKey,
  appId: string,
  fields: AppFields,
  before?: AppState,
): StoredAppFields {
  const {
    display_name: displayName,
    processing_mode: mode,
    callback_settings: callbacks,
    ...profile
  } = fields;
  const open = (sealed: string): string => rootKey.open(sealed, credentialContext(appId));
  const seal = (secret: string): string => rootKey.seal(secret, credentialContext(appId));
  const known = before === undefined ? [] : credentialsOf(before).map((entry) => mapSecrets(entry, open));
  const given = unmask(profile.channel_credentials, known);
  return {
    displayName,
    processingMode: mode ?? 'DISPATCH',
    profile: { ...profile, channel_credentials: given.map((entry) => mapSecrets(entry, seal)) },
    sealedOverrideSecret: overrideSecret(rootKey, appId, callbacks?.[OVERRIDE_SECRET], before),
  };
}

function overrideSecret(
  rootKey: RootKey,
  appId: string,
  secret: string | null | undefined,
  before: AppState | undefined,
): string | null {
  if (secret === MASK && before !== undefined) return before.sealedOverrideSecret;
  return secret ? rootKey.seal(secret, overrideSecretContext(appId)) : null;
}

type Optional = Pick<AppResponse, 'delivery_report_based_fallback' | 'message_retry_settings'>;

/** Leaves out what was not set, because some clients break at a null. */
function optionalOf(profile: z.infer<typeof profileShape>): Optional {
  const { delivery_report_based_fallback: fallback, message_retry_settings: retry } = profile;
  const wait = fallback?.delivery_report_waiting_time;
  const duration = retry?.retry_duration;
  return {
    ...(fallback
      ? {
          delivery_report_based_fallback: {
            enabled: fallback.enabled ?? false,
            ...(typeof wait === 'number' ? { delivery_report_waiting_time: wait } : {}),
          },
        }
      : {}),
    ...(retry
      ? { message_retry_settings: typeof duration === 'number' ? { retry_duration: duration } : {} }
      : {}),
  };
}

/** Shows an app as the Conversation API does. */
export function toApp({ rates }: ApiConfig, state: AppState): AppResponse {
  const profile = profileShape.parse(state.profile);
  const { retention_policy: retention, dispatch_retention_policy: dispatch } = profile;
  return {
    id: state.appId,
    display_name: state.displayName,
    channel_credentials: credentialsOf(state).map((entry) => ({ ...showCredential(entry) })),
    processing_mode: state.processingMode,
    conversation_metadata_report_view: profile.conversation_metadata_report_view ?? 'NONE',
    // Inbound is never limited. Clients insist on integers.
    rate_limits: { inbound: 0, outbound: Math.ceil(rates.send), webhooks: Math.ceil(rates.callback) },
    retention_policy: {
      retention_type: retention?.retention_type ?? 'MESSAGE_EXPIRE_POLICY',
      ttl_days: retention?.ttl_days ?? DEFAULT_TTL_DAYS,
    },
    dispatch_retention_policy: {
      retention_type: dispatch?.retention_type ?? 'MESSAGE_EXPIRE_POLICY',
      ttl_days: dispatch?.ttl_days ?? 0,
    },
    smart_conversation: { enabled: profile.smart_conversation?.enabled ?? false },
    persist_message_status: { enabled: false },
    message_search: { enabled: false },
    ...(state.sealedOverrideSecret === null ? {} : { callback_settings: { [OVERRIDE_SECRET]: MASK } }),
    ...optionalOf(profile),
  };
}

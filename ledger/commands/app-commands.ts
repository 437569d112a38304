import {
  DEFAULT_CONSENT_SETTINGS,
  type AppState,
  type ChannelSettings,
  type ConsentSettings,
} from '../../domain/settings.js';
import type { AppNow } from '../reads/app-reads.js';
import { appEvent, changeAppState, metaOf, type AppTarget, type CommandDeps } from './change-app.js';
import { deriveId } from '../event-ids.js';
import { handleCommand } from './handle-command.js';
import { Refusal } from '../../domain/refusal.js';
import { appStream } from '../streams.js';

/** The fields that the Conversation API knows of an app; everything else has commands of its own. */
export type StoredAppFields = Pick<
  AppState,
  'displayName' | 'processingMode' | 'profile' | 'sealedOverrideSecret'
>;

/**
 * Creates an app under a fresh id. Consent management is enabled in PRIMARY, since otherwise a STOP to it would change
 * nothing, and messages go to the simulator until another channel is set.
 */
export async function createApp(
  deps: CommandDeps,
  target: AppTarget,
  fields: StoredAppFields,
): Promise<AppNow> {
  const stream = appStream(target.appId);
  const state: AppState = {
    ...fields,
    projectId: target.projectId,
    appId: target.appId,
    deleted: false,
    consent: DEFAULT_CONSENT_SETTINGS,
    channel: { type: 'simulator' },
    endpoints: [],
  };
  const id = deriveId(stream, 'app-created');
  await handleCommand({
    ...deps,
    stream,
    decide: ({ last, recordedAt }) => {
      if (last !== undefined && last.event.id !== id) throw new Refusal('app-exists');
      return [appEvent(id, { type: 'app-created' }, state, metaOf(recordedAt, target.actor))];
    },
  });
  return { state, revision: 0 };
}

/** Changes what the Conversation API knows of an app. @throws Refusal `app-not-found`; what `change` throws */
export function changeApp(
  deps: CommandDeps,
  target: AppTarget,
  change: (state: AppState) => StoredAppFields,
): Promise<AppNow> {
  return changeAppState(deps, target, { type: 'app-changed' }, ({ state }) => ({
    ...state,
    ...change(state),
  }));
}

/** Ends an app; callbacks that it still owes are parked. @throws Refusal `app-not-found` */
export async function deleteApp(deps: CommandDeps, target: AppTarget): Promise<void> {
  await changeAppState(deps, target, { type: 'app-deleted' }, ({ state }) => ({ ...state, deleted: true }));
}

/**
 * Changes how an app reads texts and enforces the lists.
 * @param expected revision of the app that the caller saw; undefined where any will do
 * @throws Refusal `app-not-found`, `stale-revision`; what `change` throws
 */
export function changeConsentSettings(
  deps: CommandDeps,
  target: AppTarget,
  expected: number | undefined,
  change: (consent: ConsentSettings) => ConsentSettings,
): Promise<AppNow> {
  return changeAppState(deps, target, { type: 'consent-settings-changed' }, ({ state, revision }) => {
    if (expected !== undefined && expected !== revision) throw new Refusal('stale-revision');
    return { ...state, consent: change(state.consent) };
  });
}

/** Changes how an app's messages leave. @throws Refusal `app-not-found`; what `change` throws */
export function changeChannelSettings(
  deps: CommandDeps,
  target: AppTarget,
  change: (channel: ChannelSettings) => ChannelSettings,
): Promise<AppNow> {
  return changeAppState(deps, target, { type: 'channel-settings-changed' }, ({ state }) => ({
    ...state,
    channel: change(state.channel),
  }));
}

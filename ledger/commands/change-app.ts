import type { Clock } from '../../domain/clock.js';
import type { Actor, AppEvent, EventMeta } from '../../domain/events/events.js';
import type { AppState } from '../../domain/settings.js';
import { appOf, type AppNow } from '../reads/app-reads.js';
import { deriveId, newUlid } from '../event-ids.js';
import { handleCommand } from './handle-command.js';
import type { Ledger } from '../ledger.js';
import { appStream } from '../streams.js';

export interface CommandDeps {
  readonly ledger: Ledger;
  readonly clock: Clock;
}

/** Says which app is meant, and who wants it changed. */
export interface AppTarget {
  readonly projectId: string;
  readonly appId: string;
  readonly actor: Actor;
}

type EndpointEventType = Extract<AppEvent['type'], `endpoint-${string}`>;

/** Says what happens to the app, beside the state that every event of it carries. */
export type Happening =
  | { readonly type: Exclude<AppEvent['type'], EndpointEventType> }
  | { readonly type: EndpointEventType; readonly endpointId: string };

/** Makes the event of one happening. */
export function appEvent(id: string, happening: Happening, state: AppState, meta: EventMeta): AppEvent {
  return 'endpointId' in happening
    ? { id, type: happening.type, version: 1, data: { state, endpointId: happening.endpointId }, meta }
    : { id, type: happening.type, version: 1, data: { state }, meta };
}

/** Makes the `meta` of an event that an access key asks for: it happens when it is recorded. */
export const metaOf = (recordedAt: string, actor: Actor): EventMeta => ({
  recordedAt,
  occurredAt: recordedAt,
  actor,
});

/**
 * Runs one command on an app that exists. `change` gets the app as it stands and gives the state that it will
 * have, or null where nothing is to change; it is called again after a conflict, and what it throws reaches the
 * caller.
 * @returns the app as it is afterwards
 * @throws Refusal `app-not-found`; what `handleCommand` throws
 */
export async function changeAppState(
  deps: CommandDeps,
  target: AppTarget,
  happening: Happening,
  change: (app: AppNow) => AppState | null,
): Promise<AppNow> {
  const stream = appStream(target.appId);
  const id = deriveId(stream, happening.type, newUlid(deps.clock.now()));
  const seen: AppNow[] = [];
  await handleCommand({
    ...deps,
    stream,
    decide: ({ last, nextRevision, recordedAt }) => {
      const app = appOf(last, target.projectId);
      const state = change(app);
      seen.push(state === null ? app : { state, revision: nextRevision });
      return state === null ? [] : [appEvent(id, happening, state, metaOf(recordedAt, target.actor))];
    },
  });
  return seen.at(-1) ?? appOf(undefined, target.projectId);
}

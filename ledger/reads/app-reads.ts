import type { AppState } from '../../domain/settings.js';
import { readLast } from './as-of.js';
import type { Ledger, Recorded } from '../ledger.js';
import { Refusal } from '../../domain/refusal.js';
import { appStream } from '../streams.js';

/** An app as the ledger has it now. */
export interface AppNow {
  readonly state: AppState;
  /** Revision of the app's stream: decisions name it. */
  readonly revision: number;
}

/** The state that an app's last event carries; undefined where the event is none of an app. */
export function appStateOf(last: Recorded | undefined): AppState | undefined {
  const data = last?.event.data;
  return data !== undefined && 'state' in data && 'displayName' in data.state ? data.state : undefined;
}

/**
 * The app that the last event of its stream carries.
 * @throws Refusal `app-not-found` for an app that is unknown, deleted, or another project's
 */
export function appOf(last: Recorded | undefined, projectId: string): AppNow {
  const state = appStateOf(last);
  if (last === undefined || state === undefined || state.deleted || state.projectId !== projectId) {
    throw new Refusal('app-not-found');
  }
  return { state, revision: last.revision };
}

/**
 * Reads an app from the ledger itself, never from a view: a switch to Primary counts from its acknowledgement.
 * @param at a past moment, RFC 3339 UTC with ms: the app as it stood then
 * @throws Refusal `app-not-found` for an app that is unknown, deleted, or another project's
 */
export async function readApp(
  ledger: Pick<Ledger, 'readStream'>,
  projectId: string,
  appId: string,
  at?: string,
): Promise<AppNow> {
  return appOf(await readLast(ledger, appStream(appId), at), projectId);
}

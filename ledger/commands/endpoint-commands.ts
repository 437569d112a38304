import type { AppState, Endpoint } from '../../domain/settings.js';
import { readApp } from '../reads/app-reads.js';
import { changeAppState, type AppTarget, type CommandDeps } from './change-app.js';
import type { Ledger } from '../ledger.js';
import { Refusal } from '../../domain/refusal.js';

/** One app may have so many webhooks. */
export const MOST_ENDPOINTS = 5;

/** Says which endpoint of which app is meant. */
export interface EndpointTarget extends AppTarget {
  readonly endpointId: string;
}

function refuseTakenTarget(others: readonly Endpoint[], target: string): void {
  if (others.some((other) => other.target === target)) throw new Refusal('target-taken');
}

function find(state: AppState, endpointId: string): Endpoint {
  const endpoint = state.endpoints.find(({ id }) => id === endpointId);
  if (endpoint === undefined) throw new Refusal('webhook-not-found');
  return endpoint;
}

/** Reads a webhook from the ledger itself. @throws Refusal `app-not-found`, `webhook-not-found` */
export async function readEndpoint(
  ledger: Pick<Ledger, 'readStream'>,
  target: Omit<EndpointTarget, 'actor'>,
): Promise<Endpoint> {
  const { state } = await readApp(ledger, target.projectId, target.appId);
  return find(state, target.endpointId);
}

const replace = (state: AppState, endpoint: Endpoint): AppState => ({
  ...state,
  endpoints: state.endpoints.map((other) => (other.id === endpoint.id ? endpoint : other)),
});

/**
 * Adds a webhook: from this event on, callbacks are due for it.
 * @throws Refusal `app-not-found`, `too-many-webhooks`, `target-taken`
 */
export async function registerEndpoint(
  deps: CommandDeps,
  target: AppTarget,
  endpoint: Endpoint,
): Promise<void> {
  const happening = { type: 'endpoint-registered', endpointId: endpoint.id } as const;
  await changeAppState(deps, target, happening, ({ state }) => {
    if (state.endpoints.length >= MOST_ENDPOINTS) throw new Refusal('too-many-webhooks');
    refuseTakenTarget(state.endpoints, endpoint.target);
    return { ...state, endpoints: [...state.endpoints, endpoint] };
  });
}

/**
 * Changes a webhook; what is under way goes to its new address.
 * @returns the webhook as it is afterwards
 * @throws Refusal `app-not-found`, `webhook-not-found`, `target-taken`; what `change` throws
 */
export async function changeEndpoint(
  deps: CommandDeps,
  target: EndpointTarget,
  change: (endpoint: Endpoint) => Endpoint,
): Promise<Endpoint> {
  const { endpointId } = target;
  const { state } = await changeAppState(deps, target, { type: 'endpoint-changed', endpointId }, (app) => {
    const next = change(find(app.state, endpointId));
    const others = app.state.endpoints.filter(({ id }) => id !== endpointId);
    refuseTakenTarget(others, next.target);
    return replace(app.state, next);
  });
  return find(state, endpointId);
}

/** Takes a webhook away; callbacks that are owed to it are parked. @throws Refusal `app-not-found`, `webhook-not-found` */
export async function removeEndpoint(deps: CommandDeps, target: EndpointTarget): Promise<void> {
  const { endpointId } = target;
  await changeAppState(deps, target, { type: 'endpoint-removed', endpointId }, ({ state }) => {
    const { id } = find(state, endpointId);
    return { ...state, endpoints: state.endpoints.filter((other) => other.id !== id) };
  });
}

/**
 * Stops requests to a webhook. Nothing is written where it is disabled already, was removed, or has another
 * address than the one that gave the reason.
 * @param because.address the URL that answered; undefined where the reason has none
 * @throws Refusal `app-not-found`
 */
export async function disableEndpoint(
  deps: CommandDeps,
  target: EndpointTarget,
  because: { readonly reason: 'gone' | 'owner'; readonly address?: string },
): Promise<void> {
  const { endpointId } = target;
  await changeAppState(deps, target, { type: 'endpoint-disabled', endpointId }, ({ state }) => {
    const endpoint = state.endpoints.find(({ id }) => id === endpointId);
    if (endpoint === undefined || endpoint.disabled !== null) return null;
    if (because.address !== undefined && because.address !== endpoint.target) return null;
    return replace(state, { ...endpoint, disabled: { reason: because.reason } });
  });
}

import { createSigner, type Signer } from '../../channels/signer.js';
import type { ParkReason } from '../../domain/events/events.js';
import {
  clientSecretContext,
  endpointSecretContext,
  overrideSecretContext,
} from '../../domain/seal-contexts.js';
import {
  DEFAULT_DELIVERY_SETTINGS,
  type AppState,
  type DeliverySettings,
  type Endpoint,
} from '../../domain/settings.js';
import type { Ledger } from '../../ledger/ledger.js';
import { appStateOf } from '../../ledger/reads/app-reads.js';
import { appStream } from '../../ledger/streams.js';
import type { OpenCredentials } from '../../channels/client-token.js';
import { CallbackFault } from './callback-types.js';

/** Says where a callback goes now, or why it goes nowhere. */
export type CallbackTarget =
  | {
      readonly kind: 'deliver';
      readonly url: string;
      /** Null for an endpoint without a secret. */
      readonly signer: Signer | null;
      readonly credentials: OpenCredentials | null;
      readonly delivery: DeliverySettings;
    }
  | {
      readonly kind: 'park';
      readonly reason: Extract<ParkReason, 'endpoint-removed' | 'endpoint-disabled' | 'app-deleted'>;
    };

/** The endpoints of one app as its last event has them. */
export interface AppTargets {
  /**
   * @param callbackUrl the message's own `callback_url`, for ids that begin with `override-`
   * @throws CallbackFault, or what `open` throws when a secret cannot be read
   */
  find(endpointId: string, callbackUrl: string | undefined): CallbackTarget;
}

export interface TargetDeps {
  readonly ledger: Pick<Ledger, 'readStream'>;
  /** Opens a sealed secret. */
  readonly open: (sealed: string, context: string) => string;
}

const OVERRIDE = 'override-';
const MOST_APPS = 1_000;
const REMOVED = { kind: 'park', reason: 'endpoint-removed' } as const;
const DISABLED = { kind: 'park', reason: 'endpoint-disabled' } as const;
const DELETED = { kind: 'park', reason: 'app-deleted' } as const;

/**
 * Makes a reader of apps. It reads at each call anew; what their secrets open to is kept while the app's revision stays.
 * @returns a function that throws CallbackFault `app-missing`, and what the ledger throws
 */
export function createTargetReader(deps: TargetDeps): (appId: string) => Promise<AppTargets> {
  const known = new Map<string, { readonly revision: number; readonly targets: AppTargets }>();
  return async (appId) => {
    const read = { from: 'end', direction: 'backwards', limit: 1 } as const;
    const [last] = await deps.ledger.readStream(appStream(appId), read);
    const state = appStateOf(last);
    if (last === undefined || state === undefined) throw new CallbackFault('app-missing');
    const cached = known.get(appId);
    if (cached?.revision === last.revision) return cached.targets;
    if (known.size >= MOST_APPS) known.clear();
    const targets = targetsOf(state, deps.open);
    known.set(appId, { revision: last.revision, targets });
    return targets;
  };
}

function targetsOf(app: AppState, open: TargetDeps['open']): AppTargets {
  const opened = new Map<string, CallbackTarget>();
  const remember = (endpointId: string, make: () => CallbackTarget): CallbackTarget => {
    const known = opened.get(endpointId);
    if (known !== undefined) return known;
    const made = make();
    opened.set(endpointId, made);
    return made;
  };
  return {
    find(endpointId, callbackUrl) {
      if (app.deleted) return DELETED;
      if (endpointId.startsWith(OVERRIDE)) {
        if (callbackUrl === undefined) throw new CallbackFault('url-missing');
        return remember(endpointId, () => overrideTarget(app, callbackUrl, open));
      }
      const endpoint = app.endpoints.find(({ id }) => id === endpointId);
      if (endpoint === undefined) return REMOVED;
      // An endpoint that was muted since then gets no request either.
      if (endpoint.disabled !== null || endpoint.targetType === 'DISMISS') return DISABLED;
      return remember(endpointId, () => endpointTarget(endpoint, open));
    },
  };
}

function overrideTarget(app: AppState, url: string, open: TargetDeps['open']): CallbackTarget {
  const sealed = app.sealedOverrideSecret;
  return {
    kind: 'deliver',
    url,
    signer: sealed === null ? null : createSigner(open(sealed, overrideSecretContext(app.appId))),
    credentials: null,
    delivery: DEFAULT_DELIVERY_SETTINGS,
  };
}

function endpointTarget(endpoint: Endpoint, open: TargetDeps['open']): CallbackTarget {
  const { id, target, sealedSecret, delivery } = endpoint;
  return {
    kind: 'deliver',
    url: target,
    signer: sealedSecret === null ? null : createSigner(open(sealedSecret, endpointSecretContext(id))),
    credentials: credentialsOf(endpoint, open),
    delivery,
  };
}

function credentialsOf(
  { id, clientCredentials }: Endpoint,
  open: TargetDeps['open'],
): OpenCredentials | null {
  if (clientCredentials === null) return null;
  const { clientId, sealedClientSecret, endpoint, scope, responseType, tokenRequestType } = clientCredentials;
  return {
    endpoint,
    clientId,
    clientSecret: open(sealedClientSecret, clientSecretContext(id)),
    requestType: tokenRequestType,
    ...(scope === undefined ? {} : { scope }),
    ...(responseType === undefined ? {} : { responseType }),
  };
}

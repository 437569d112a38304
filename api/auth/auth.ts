import type { FastifyRequest } from 'fastify';
import type { Scope } from '../../domain/events/events.js';
import { verifySecret } from '../../ledger/commands/access-keys.js';
import type { AccessTokens } from './access-tokens.js';
import type { Principal } from './context.js';
import { readCredentials, type Credentials } from './credentials.js';
import type { Api } from '../deps.js';
import { ApiError, unavailable } from '../server/errors.js';
import type { HttpCounters, SignInFailure } from '../server/http-counters.js';
import type { Limits } from '../server/limits.js';
import { accessTo } from './route-scopes.js';
import type { AccessKeys } from '../../projections/views/access-keys.js';

export interface AuthDeps {
  readonly keys: AccessKeys;
  readonly tokens: AccessTokens;
  readonly limits: Limits;
  readonly counters: Pick<HttpCounters, 'signInFailed'>;
  /** False until the views have folded all that stood at the start: until then an unknown key may be a known one. */
  serving(): boolean;
}

/**
 * Clients renew a token only when the header's text has the word that stands for a token past its time,
 * so it stands in no other answer.
 */
const CHALLENGES = {
  expired: 'Bearer error="invalid_token", error_description="The token is expired"',
  invalid: 'Bearer error="invalid_token", error_description="The token is not valid"',
  missing: 'Bearer realm="optledger"',
  basic: 'Basic realm="optledger"',
  client: 'Basic realm="optledger"',
} as const;
type Challenge = keyof typeof CHALLENGES;

const MESSAGES: Readonly<Record<Challenge, string>> = {
  expired: 'the access token is expired',
  invalid: 'the access token is not valid',
  missing: 'authorization: expected a Bearer token or Basic credentials',
  basic: 'the key id or the key secret is not valid',
  client: 'expected Basic credentials: key id and key secret',
};

const COUNTED_AS: Readonly<Record<Challenge, SignInFailure>> = {
  expired: 'invalid_token',
  invalid: 'invalid_token',
  missing: 'no_credentials',
  basic: 'invalid_secret',
  client: 'no_credentials',
};

/** Says why nobody was signed in. */
interface Stranger {
  readonly challenge: Challenge;
  /** The key that was meant, where it is one of ours: anything else that was sent may be a secret. */
  readonly keyId?: string;
}

function unauthenticated(challenge: Challenge): ApiError {
  return new ApiError('UNAUTHENTICATED', MESSAGES[challenge], {
    headers: { 'www-authenticate': CHALLENGES[challenge] },
  });
}

/** Whether a key's scopes allow a route; scope `admin` includes the others. */
export const allows = (scopes: readonly Scope[], needed: Scope): boolean =>
  scopes.includes('admin') || scopes.includes(needed);

/** Checks key id and secret. A wrong id costs the same comparison as a wrong secret. */
export function signInWithSecret(keys: AccessKeys, keyId: string, keySecret: string): Principal | Stranger {
  const key = keys.find(keyId);
  const matches = verifySecret(keySecret, key?.secretHash ?? '0'.repeat(64));
  if (key === undefined) return { challenge: 'basic' };
  return matches ? key : { challenge: 'basic', keyId };
}

async function identify(deps: AuthDeps, credentials: Credentials): Promise<Principal | Stranger> {
  switch (credentials.scheme) {
    case 'basic':
      return signInWithSecret(deps.keys, credentials.keyId, credentials.keySecret);
    case 'bearer': {
      const holder = await deps.tokens.verify(credentials.token);
      if (typeof holder === 'string') return { challenge: holder };
      // A revoked key ends its tokens at once.
      return deps.keys.find(holder.keyId) ?? { challenge: 'invalid', keyId: holder.keyId };
    }
  }
}

/** Makes the answer to a failed sign-in: 401, which is logged, or 429 when this address failed too often. */
export async function signInFailure(
  deps: Pick<AuthDeps, 'limits' | 'serving' | 'counters'>,
  request: FastifyRequest,
  { challenge, keyId }: Stranger,
): Promise<ApiError> {
  if (!deps.serving()) {
    return unavailable('starting, keys are not readable yet');
  }
  const limited = await deps.limits.failedSignIn(request);
  deps.counters.signInFailed(limited === undefined ? COUNTED_AS[challenge] : 'rate_limited');
  if (limited !== undefined) return limited;
  request.log.warn({ why: challenge, keyId: keyId ?? 'unknown', peer: request.ip }, 'sign-in failed');
  return unauthenticated(challenge);
}

async function signIn(deps: AuthDeps, request: FastifyRequest): Promise<Principal> {
  const credentials = readCredentials(request.headers.authorization);
  if (credentials === null) {
    throw unauthenticated('missing');
  }
  const found = await identify(deps, credentials);
  if (!('challenge' in found)) return found;
  // Whoever holds a token that was good is no guesser.
  throw found.challenge === 'expired'
    ? unauthenticated(found.challenge)
    : await signInFailure(deps, request, found);
}

function authorise(principal: Principal, request: FastifyRequest, scope: Scope): void {
  const { project_id: projectId } = request.params as { project_id?: string };
  if (projectId !== undefined && projectId !== principal.projectId) {
    throw new ApiError('PERMISSION_DENIED', 'the access key has no access to this project');
  }
  if (!allows(principal.scopes, scope)) {
    throw new ApiError('PERMISSION_DENIED', `the access key lacks the scope ${scope}`);
  }
}

/** Finds the scope of a route with sign-in. @throws Error where the table has none, which stops the start */
function scopeOf(method: string, path: string): Scope {
  const access = accessTo(method, path);
  if (access === undefined || access === 'public') {
    throw new Error(`${method} ${path} has no scope in api/auth/route-scopes.ts`);
  }
  return access;
}

/**
 * Makes every route that is registered on `app` from here on need a key of the project in its path, with the scope that
 * route-scopes.ts names.
 */
export function requireSignIn(app: Api, deps: AuthDeps): void {
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) scopeOf(one, url);
  });
  app.addHook('onRequest', async (request) => {
    const { url } = request.routeOptions;
    if (url === undefined) return; // the 404 of this mount point
    const scope = scopeOf(request.method, url);
    const principal = await signIn(deps, request);
    authorise(principal, request, scope);
    request.principal = principal;
    if (scope !== 'inbound') await deps.limits.project(request);
  });
}

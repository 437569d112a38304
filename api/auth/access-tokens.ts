import { errors, jwtVerify, SignJWT } from 'jose';
import type { Scope } from '../../domain/events/events.js';
import type { Clock } from '../../domain/clock.js';

const ALGORITHM = 'HS256';
const ISSUER = 'optledger';
/** So many verified tokens are remembered: a signature check per request would cost more than the request. */
const REMEMBERED = 1_000;

/** A token that we signed and that is in its time; whether its key is still in force is asked at every use. */
export interface TokenHolder {
  readonly keyId: string;
}
export type TokenFault = 'expired' | 'invalid';

export interface AccessTokens {
  issue(key: {
    readonly keyId: string;
    readonly projectId: string;
    readonly scopes: readonly Scope[];
  }): Promise<string>;
  verify(token: string): Promise<TokenHolder | TokenFault>;
}

const nowS = (clock: Clock): number => Math.floor(clock.now() / 1000);

/**
 * Makes and checks access tokens, which are JWTs with `exp`: the clients of Sinch renew by it.
 * @param options.key HMAC key of at least 256 bits; @param options.ttlS life of a token in seconds.
 */
export function createAccessTokens(options: {
  readonly key: Uint8Array;
  readonly ttlS: number;
  readonly clock: Clock;
}): AccessTokens {
  const { key, ttlS, clock } = options;
  const known = new Map<string, { readonly keyId: string; readonly exp: number }>();

  function remember(token: string, keyId: string, exp: number): void {
    const oldest = known.size >= REMEMBERED ? known.keys().next().value : undefined;
    if (oldest !== undefined) {
      known.delete(oldest);
    }
    known.set(token, { keyId, exp });
  }

  return {
    async issue({ keyId, projectId, scopes }) {
      const issuedAt = nowS(clock);
      return new SignJWT({ scope: scopes.join(' '), project_id: projectId })
        .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
        .setIssuer(ISSUER)
        .setSubject(keyId)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + ttlS)
        .sign(key);
    },
    async verify(token) {
      const seen = known.get(token);
      if (seen !== undefined) {
        return seen.exp > nowS(clock) ? { keyId: seen.keyId } : 'expired';
      }
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: [ALGORITHM],
          issuer: ISSUER,
          requiredClaims: ['sub', 'exp'],
          currentDate: new Date(clock.now()),
        });
        const keyId = payload.sub ?? '';
        remember(token, keyId, payload.exp ?? 0);
        return { keyId };
      } catch (error) {
        return error instanceof errors.JWTExpired ? 'expired' : 'invalid';
      }
    },
  };
}

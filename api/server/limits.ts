import rateLimit from '@fastify/rate-limit';
import type { FastifyRequest, preHandlerAsyncHookHandler } from 'fastify';
import type { Api, AppDeps } from '../deps.js';
import { tooMany, type ApiError } from './errors.js';
import '../auth/context.js';
import { tokenBuckets } from './token-bucket.js';

/** There is a bucket of 30, of which 10 come back each second: per address for what fails, per key for what is right. */
const SIGN_IN = { max: 30, timeWindow: 3_000 } as const;
const UNKNOWN_PATHS = { max: 100, timeWindow: 10_000 } as const;

export interface Limits {
  /** Counts a failed sign-in; the 429 to answer once an address fails too often. Right credentials always pass. */
  failedSignIn(request: FastifyRequest): Promise<ApiError | undefined>;
  /** Counts a request of a project against `API_RATE`; throws the 429. */
  project(request: FastifyRequest): Promise<void>;
  /** Counts a token given out to the key that signed in; throws the 429. */
  token(request: FastifyRequest): Promise<void>;
  /** Limits the answer to unknown paths. */
  readonly unknownPaths: preHandlerAsyncHookHandler;
}

/** Registers the limiter; only what is named here is limited. */
export async function registerLimits(app: Api, { clock, config }: AppDeps): Promise<Limits> {
  await app.register(rateLimit, {
    global: false,
    store: tokenBuckets(clock),
    errorResponseBuilder: (_request, { ttl }) => tooMany('too many requests', ttl / 1000),
  });
  const failures = app.createRateLimit(SIGN_IN);
  const rate = config.rates.api;
  const perProject = app.createRateLimit({
    max: rate,
    timeWindow: 1_000,
    keyGenerator: (request: FastifyRequest) => request.principal.projectId,
  });
  // Not per address: whoever guesses from behind the same one must not use up what a right key needs.
  const perKey = app.createRateLimit({
    ...SIGN_IN,
    keyGenerator: (request: FastifyRequest) => request.principal.keyId,
  });
  return {
    async failedSignIn(request) {
      const limit = await failures(request);
      return !limit.isAllowed && limit.isExceeded
        ? tooMany('too many failed sign-ins', limit.ttl / 1000)
        : undefined;
    },
    async project(request) {
      if (rate === 0) return;
      const limit = await perProject(request);
      if (!limit.isAllowed && limit.isExceeded)
        throw tooMany('the rate limit of the project is used up', limit.ttl / 1000);
    },
    async token(request) {
      const limit = await perKey(request);
      if (!limit.isAllowed && limit.isExceeded)
        throw tooMany('too many tokens for this key', limit.ttl / 1000);
    },
    unknownPaths: app.rateLimit(UNKNOWN_PATHS),
  };
}

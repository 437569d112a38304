import rateLimit from '@fastify/rate-limit';
import type { FastifyRequest, preHandlerAsyncHookHandler } from 'fastify';
import type { Api, AppDeps } from './deps.js';
import { tooMany, type ApiError } from './errors.js';
import './context.js';
import { tokenBuckets } from './token-bucket.js';

/** Per address: a bucket of 30, of which 10 come back each second. */
const SIGN_IN = { max: 30, timeWindow: 3_000 } as const;
const UNKNOWN_PATHS = { max: 100, timeWindow: 10_000 } as const;

export interface Limits {
  /** Counts a failed sign-in; the 429 to answer once an address fails too often. Right credentials always pass. */
  failedSignIn(request: FastifyRequest): Promise<ApiError | undefined>;
  /** Counts a request of a project against `API_RATE`; throws the 429. */
  project(request: FastifyRequest): Promise<void>;
  /** For the route that gives out tokens. */
  readonly tokens: preHandlerAsyncHookHandler;
  /** For the answer to unknown paths. */
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
    tokens: app.rateLimit(SIGN_IN),
    unknownPaths: app.rateLimit(UNKNOWN_PATHS),
  };
}

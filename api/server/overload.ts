import underPressure from '@fastify/under-pressure';
import type { Api, OverloadBounds } from '../deps.js';
import { unavailable } from './errors.js';

const BOUNDS: OverloadBounds = { inFlight: 2_000, loopDelayMs: 1_000 };
const RETRY_AFTER_S = 2;

/** Marks a route that must answer even under load, e.g. the liveness probe; it is spread into the route's `config`. */
export const ANSWER_UNDER_LOAD = { pressureHandler: () => undefined, uncounted: true } as const;

const overloaded = () => unavailable('overloaded, come back', RETRY_AFTER_S);

/** Turns requests away with 503 and Retry-After before the process drowns; providers deliver again. */
export async function registerOverload(app: Api, bounds: OverloadBounds = BOUNDS): Promise<void> {
  let inFlight = 0;
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.config.uncounted === true) {
      done();
    } else if (closing) {
      done(unavailable('shutting down', RETRY_AFTER_S));
    } else if (inFlight >= bounds.inFlight) {
      done(overloaded());
    } else {
      inFlight += 1;
      // 'close' also comes where the client went away, and 'finish' does not.
      reply.raw.once('close', () => {
        inFlight -= 1;
      });
      done();
    }
  });
  await app.register(underPressure, {
    maxEventLoopDelay: bounds.loopDelayMs,
    pressureHandler: async () => {
      throw overloaded();
    },
  });
}

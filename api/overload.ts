import underPressure from '@fastify/under-pressure';
import type { Api } from './deps.js';
import { unavailable } from './errors.js';

/** Below both of these nobody is turned away. */
export const MOST_IN_FLIGHT = 2_000;
const MOST_LOOP_DELAY_MS = 1_000;
const RETRY_AFTER_S = 2;

/** A route that must answer even under load, e.g. the liveness probe: spread into its `config`. */
export const ANSWER_UNDER_LOAD = { pressureHandler: () => undefined, uncounted: true } as const;

const overloaded = () => unavailable('overloaded, come back', RETRY_AFTER_S);

/** Turns requests away with 503 and Retry-After before the process drowns; providers deliver again. */
export async function registerOverload(app: Api, mostInFlight = MOST_IN_FLIGHT): Promise<void> {
  let inFlight = 0;
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.uncounted === true) return;
    if (closing) throw unavailable('shutting down', RETRY_AFTER_S);
    if (inFlight >= mostInFlight) throw overloaded();
    inFlight += 1;
    // 'close' also comes when the client went away, where 'finish' does not.
    reply.raw.once('close', () => {
      inFlight -= 1;
    });
  });
  await app.register(underPressure, {
    maxEventLoopDelay: MOST_LOOP_DELAY_MS,
    pressureHandler: async () => {
      throw overloaded();
    },
  });
}

import { z } from 'zod';
import type { Api, AppDeps } from '../../deps.js';
import { unavailable } from '../../server/errors.js';
import { ANSWER_UNDER_LOAD } from '../../server/overload.js';

const liveResponse = z.object({ status: z.literal('live') });
const readyResponse = z.object({
  status: z.enum(['ready', 'degraded']),
  missing: z.array(z.string()).describe('parts that do not run; intake of messages never depends on them'),
});

/** Serves the probes, which answer whatever the load is, and without sign-in. */
export function registerHealth(app: Api, deps: Pick<AppDeps, 'health'>): void {
  app.get(
    '/health/live',
    {
      config: { ...ANSWER_UNDER_LOAD },
      schema: { summary: 'The process runs', tags: ['Operation'], response: { 200: liveResponse } },
    },
    () => ({ status: 'live' as const }),
  );

  app.get(
    '/health/ready',
    {
      config: { ...ANSWER_UNDER_LOAD },
      schema: {
        summary: '200 once ledger and views serve; degraded while something else does not run',
        tags: ['Operation'],
        response: { 200: readyResponse },
      },
    },
    () => {
      const { serving, missing } = deps.health();
      if (!serving) throw unavailable('starting');
      return {
        status: missing.length === 0 ? ('ready' as const) : ('degraded' as const),
        missing: [...missing],
      };
    },
  );
}

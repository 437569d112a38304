import type { Api, AppDeps } from '../deps.js';
import { registerErrorHandler } from './error-handler.js';
import { ApiError } from './errors.js';
import { registerHealth } from '../routes/operations/health.js';
import { registerMetrics } from '../routes/operations/metrics.js';
import { registerSecurityHeaders } from './security-headers.js';
import { createServer } from './server.js';

/**
 * Serves what a process without the API has: its health, and its metrics, without sign-in, since it keeps no access keys.
 * Neither says anything of a person; the port is for probes only and is not to be published.
 */
export async function buildProbes(deps: Pick<AppDeps, 'logger' | 'health' | 'metrics'>): Promise<Api> {
  const app = createServer(deps);
  registerErrorHandler(app);
  await registerSecurityHeaders(app);
  registerHealth(app, deps);
  registerMetrics(app, deps);
  app.setNotFoundHandler(async () => {
    throw new ApiError(
      'NOT_FOUND',
      'no such path: this process serves /health/live, /health/ready and /metrics',
    );
  });
  return app;
}

import { Histogram, type Registry } from 'prom-client';
import type { Api } from '../deps.js';

/**
 * Writes one log line and one measurement per request: with the route's pattern, never the URL, which holds identities.
 */
export function registerRequestLog(app: Api, metrics: Registry): void {
  const seconds = new Histogram({
    name: 'optledger_http_request_seconds',
    help: 'Time from the first byte of a request to the last of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [metrics],
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    const elapsedMs = reply.elapsedTime;
    const { method } = request;
    const status = reply.statusCode;
    seconds.observe({ method, route, status: `${String(status).charAt(0)}xx` }, elapsedMs / 1000);
    request.log.info({ method, route, status, ms: Math.round(elapsedMs * 10) / 10 }, 'request');
  });
}

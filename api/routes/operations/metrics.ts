import type { Api, AppDeps } from '../../deps.js';
import { ANSWER_UNDER_LOAD } from '../../server/overload.js';

/**
 * Serves the metrics in Prometheus' text format; nothing in it names a person. Where only this machine can connect it is
 * mounted without sign-in; otherwise it needs `admin`, since it tells of all projects. It answers under load too, because
 * that is when somebody looks.
 */
export function registerMetrics(app: Api, { metrics }: Pick<AppDeps, 'metrics'>): void {
  app.get(
    '/metrics',
    { config: { ...ANSWER_UNDER_LOAD }, schema: { summary: 'Metrics for Prometheus', tags: ['Operation'] } },
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()),
  );
}

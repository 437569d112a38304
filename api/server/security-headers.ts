import helmet from '@fastify/helmet';
import { fastify } from 'fastify';
import type { Api } from '../deps.js';

/** By this policy nothing that we answer may load anything. */
const CONTENT_SECURITY_POLICY = {
  directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
  useDefaults: false,
};
/** These headers are about the answer itself, not about its safety. */
const OTHER_HEADERS: ReadonlySet<string> = new Set(['content-type', 'content-length', 'date', 'connection']);

/** The headers that helmet sets. They are the same each time, and making them anew costs more than routing. */
async function helmetHeaders(): Promise<Record<string, string>> {
  const probe = fastify();
  await probe.register(helmet, { contentSecurityPolicy: CONTENT_SECURITY_POLICY });
  probe.get('/', () => '');
  const { headers } = await probe.inject('/');
  await probe.close();
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !OTHER_HEADERS.has(name))
      .map(([name, value]) => [name, String(value)]),
  );
}

/** Sets helmet's headers, with the strictest policy, on every answer. */
export async function registerSecurityHeaders(app: Api): Promise<void> {
  const headers = await helmetHeaders();
  app.addHook('onRequest', (_request, reply, done) => {
    void reply.headers(headers);
    done();
  });
}

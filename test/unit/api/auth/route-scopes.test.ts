import { setImmediate as nextTurn } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireSignIn, type AuthDeps } from '../../../../api/auth/auth.js';
import { accessTo, ROUTE_SCOPES } from '../../../../api/auth/route-scopes.js';
import { createServer } from '../../../../api/server/server.js';
import type { Scope } from '../../../../domain/events/events.js';
import { apiWorld, type ApiWorld } from '../../../worlds/api-world.js';

const SCOPES = ['read', 'send', 'inbound', 'admin'] as const satisfies readonly Scope[];
type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

const rows = Object.entries(ROUTE_SCOPES).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, access]) => ({ method: method as Method, path, access })),
);
/** `/metrics` is mounted without sign-in in this world. */
const guarded = rows.filter(({ access, path }) => access !== 'public' && path !== '/metrics');
const cells = guarded.flatMap((row) => SCOPES.map((scope) => ({ ...row, scope })));

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
});
afterAll(() => world.close());

/** A parameter may say what it looks like. */
const withoutShape = (pattern: string): string => pattern.replaceAll(/\([^)]*\)/g, '');
/** A path of this pattern in the world's project, about things that are not there. */
const pathOf = (pattern: string): string =>
  withoutShape(pattern)
    .replace('/v1/projects/:project_id', '')
    .replaceAll(/(?<!:):(?!:)\w+/g, 'nothing')
    .replace('::', ':');
/** On a machine that stalls for a second, overload is answered before anybody is asked who he is. */
async function unlessOverloaded<T extends object>(ask: () => Promise<T>, codeOf: (answer: T) => number) {
  for (;;) {
    const answer = await ask();
    if (codeOf(answer) !== 503) return answer;
    await nextTurn();
  }
}
const call = (method: Method, pattern: string, scope: Scope | 'other-project', headers = {}) =>
  unlessOverloaded(
    () =>
      world.call(method, pathOf(pattern), method === 'POST' || method === 'PATCH' ? {} : undefined, {
        scope,
        headers,
      }),
    ({ status }) => status,
  );

describe('the table of scopes', () => {
  it('has a row for every route that is served, and no other', async () => {
    const { paths } = (await world.app.inject('/openapi.json')).json<{ paths: Record<string, object> }>();
    const served = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const inTable = rows.map(
      ({ method, path }) =>
        `${method} ${withoutShape(path)
          .replaceAll(/(?<!:):(?!:)(\w+)/g, '{$1}')
          .replace('::', ':')}`,
    );
    expect(inTable.toSorted()).toEqual(served.toSorted());
    expect(guarded.length).toBeGreaterThanOrEqual(25);
  });

  it.each(cells)('$method $path with a key of scope $scope', async ({ method, path, access, scope }) => {
    const { status, text } = await call(method, path, scope);
    if (scope === access || scope === 'admin') expect([401, 403, 501], text).not.toContain(status);
    else
      expect({ status, text }).toEqual({
        status: 403,
        text: expect.stringContaining(`scope ${access}`) as string,
      });
  });

  it.each(guarded)(
    '$method $path for the admin of another project, and for nobody',
    async ({ method, path }) => {
      const foreign = await call(method, path, 'other-project');
      expect(foreign).toMatchObject({ status: 403, text: expect.stringContaining('project') as string });
      expect(await call(method, path, 'admin', { authorization: '' })).toMatchObject({ status: 401 });
    },
  );

  it('keeps what changes settings or shows secrets to admins', () => {
    for (const { method, path, access } of guarded) {
      if (method === 'PATCH' || method === 'DELETE') expect(access, path).toBe('admin');
      if (method === 'GET') expect(['read', 'admin'], path).toContain(access);
      if (path.includes('/access-keys') || path.endsWith('/webhooks')) expect(access, path).toBe('admin');
    }
  });

  it('opens HEAD to whoever may GET', async () => {
    expect(accessTo('HEAD', '/v1/projects/:project_id/apps')).toBe('read');
    const authorization = (scope: Scope) => `Basic ${btoa(world.credentials(scope))}`;
    const url = '/v1/projects/p1/apps';
    const head = (scope: Scope) =>
      unlessOverloaded(
        () => world.app.inject({ method: 'HEAD', url, headers: { authorization: authorization(scope) } }),
        ({ statusCode }) => statusCode,
      );
    expect([(await head('read')).statusCode, (await head('send')).statusCode]).toEqual([200, 403]);
  });

  it('stops the start for a route that it does not know', () => {
    const app = createServer({ logger: pino({ enabled: false }) });
    requireSignIn(app, {} as AuthDeps);
    expect(() => app.get('/v1/projects/:project_id/unheard-of', () => ({}))).toThrow(
      'GET /v1/projects/:project_id/unheard-of has no scope',
    );
    expect(() => app.get('/health/live', () => ({}))).toThrow('has no scope');
  });
});

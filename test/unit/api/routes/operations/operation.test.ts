import { afterEach, describe, expect, it } from 'vitest';
import type { AppDeps, Readiness } from '../../../../../api/deps.js';
import type { Position } from '../../../../../ledger/ledger.js';
import { ViewsBehind } from '../../../../../projections/errors.js';
import { apiWorld, PROJECT, sms, type ApiWorld } from '../../../../worlds/api-world.js';

let world: ApiWorld;
const start = async (overrides: Partial<AppDeps> = {}): Promise<void> => {
  world = await apiWorld(undefined, overrides);
};
afterEach(async () => {
  await world.close();
});
const loopback = { tokenTtl: 3600, rates: { api: 0, send: 0, callback: 0 }, loopback: true, publicUrl: null };
const authorization = (scope: 'read' | 'admin') => ({
  authorization: `Basic ${btoa(world.credentials(scope))}`,
});

describe('health', () => {
  it('is live whatever else is, ready once it serves, degraded with the names of what is missing', async () => {
    let health: Readiness = { serving: false, missing: ['temporal'] };
    await start({ health: () => health });
    expect((await world.app.inject('/health/live')).json()).toEqual({ status: 'live' });
    expect(await world.app.inject('/health/ready')).toMatchObject({
      statusCode: 503,
      headers: { 'retry-after': '2' },
    });
    health = { serving: true, missing: ['temporal'] };
    expect((await world.app.inject('/health/ready')).json()).toEqual({
      status: 'degraded',
      missing: ['temporal'],
    });
    health = { serving: true, missing: [] };
    expect((await world.app.inject('/health/ready')).json()).toEqual({ status: 'ready', missing: [] });
  });

  it('does not call a key unknown while the views are not readable', async () => {
    await start({ health: () => ({ serving: false, missing: [] }) });
    const headers = { authorization: `Basic ${btoa('nobody:secret')}` };
    const answer = await world.app.inject({ url: `/v1/projects/${PROJECT}/apps`, headers });
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '2']);
    const token = await world.app.inject({
      method: 'POST',
      url: '/oauth2/token',
      headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
      payload: 'grant_type=client_credentials',
    });
    expect([token.statusCode, token.json<{ error: string }>().error]).toEqual([
      503,
      'temporarily_unavailable',
    ]);
  });
});

describe('metrics', () => {
  it('count requests by route pattern and name nobody', async () => {
    await start();
    await world.call('POST', `/apps/${world.appId}/inbound/generic`, sms('46700000001', 'STOP'));
    await world.call('GET', `/apps/${world.appId}/consents/identities/46700000001`);
    const answer = await world.app.inject('/metrics');
    expect(answer.headers['content-type']).toContain('text/plain');
    expect(answer.body).toMatch(
      /optledger_http_request_seconds_count\{method="GET",route="\/v1\/projects\/:project_id\/apps\/:app_id\/consents\/identities\/:identity",status="2xx"\} 1/,
    );
    expect(answer.body).not.toMatch(new RegExp(`46700000001|STOP|${world.appId}"`));
  });

  it('need an admin key where others can connect', async () => {
    await start({ config: { ...loopback, loopback: false } });
    expect((await world.app.inject('/metrics')).statusCode).toBe(401);
    expect((await world.app.inject({ url: '/metrics', headers: authorization('read') })).statusCode).toBe(
      403,
    );
    expect((await world.app.inject({ url: '/metrics', headers: authorization('admin') })).statusCode).toBe(
      200,
    );
  });
});

describe('rates', () => {
  it('of a project are off unless set, and shown as integers', async () => {
    await start({ config: { ...loopback, rates: { api: 5, send: 24.5, callback: 25 } } });
    const { body } = await world.call('POST', '/apps', { display_name: 'x', channel_credentials: [] });
    expect(body['rate_limits']).toEqual({ inbound: 0, outbound: 25, webhooks: 25 });
    const statuses = [];
    for (let n = 0; n < 6; n++) statuses.push((await world.call('GET', '/apps')).status);
    expect(statuses).toEqual([200, 200, 200, 200, 429, 429]);
    const refused = await world.app.inject({
      url: `/v1/projects/${PROJECT}/apps`,
      headers: authorization('read'),
    });
    expect(refused.headers['retry-after']).toBe('1');
    expect(refused.json()).toMatchObject({ error: { code: 429, status: 'RESOURCE_EXHAUSTED', details: [] } });
    // Another project has a rate of its own, and inbound messages have none.
    const other = { authorization: `Basic ${btoa(world.credentials('other-project'))}` };
    expect((await world.app.inject({ url: '/v1/projects/p2/apps', headers: other })).statusCode).toBe(200);
    for (let n = 0; n < 8; n++) {
      const inbound = await world.call(
        'POST',
        `/apps/${world.appId}/inbound/generic`,
        sms('46700000001', 'hi'),
        { scope: 'inbound' },
      );
      expect(inbound.status).toBe(200);
    }
    world.clock.ms += 200;
    expect((await world.call('GET', '/apps')).status).toBe(200);
  });

  it('never limit where they are off', async () => {
    await start();
    const answers = await Promise.all(Array.from({ length: 200 }, () => world.call('GET', '/apps')));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });
});

describe('read-your-writes', () => {
  it('waits for what was acknowledged when the read came in, 503 when that takes too long', async () => {
    await start();
    const waits: Position[] = [];
    const behind = await apiWorld(undefined, {
      views: {
        ...emptyViews,
        keys: {
          find: (keyId) => ({ keyId, projectId: PROJECT, scopes: ['admin'], secretHash: SHA256_OF_X }),
        },
        passed: async (position, timeoutMs) => {
          waits.push(position);
          throw new ViewsBehind(position, 0n, { cause: timeoutMs });
        },
      },
    });
    const call = (method: 'GET' | 'POST', path: string, payload?: object) =>
      behind.app.inject({
        method,
        url: `/v1/projects/${PROJECT}${path}`,
        headers: { authorization: `Basic ${btoa('k:x')}` },
        ...(payload && { payload }),
      });
    // Nothing was acknowledged by this process: nothing to wait for.
    expect((await call('GET', '/apps')).statusCode).toBe(200);
    const { statusCode } = await call('POST', '/apps', { display_name: 'x', channel_credentials: [] });
    expect(statusCode).toBe(200);
    const answer = await call('GET', '/apps');
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '2']);
    expect(waits).toEqual([behind.ledger.headPosition()]);
    await behind.close();
  });

  const SHA256_OF_X = '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881';
  const none = {
    find: () => undefined,
    get: () => undefined,
    findSent: () => undefined,
    open: () => undefined,
    item: () => undefined,
    recent: () => undefined,
    list: () => [],
    records: () => [],
    page: () => ({ identities: [], messages: [], callbacks: [], rows: [], nextKey: null }),
  };
  const emptyViews = {
    apps: none,
    endpoints: none,
    keys: none,
    consentLists: none,
    audit: none,
    suspicions: none,
    messages: none,
    callbacks: none,
  };
});

describe('the document', () => {
  it('is served with a page that loads nothing from elsewhere', async () => {
    await start();
    expect((await world.app.inject('/openapi.json')).json()).toMatchObject({ openapi: '3.1.0' });
    const page = await world.app.inject('/docs/');
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self';");
    const links = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => String(link));
    expect(links.length).toBeGreaterThan(4);
    for (const link of links) {
      expect(link).toMatch(/^\.\/static\//);
      expect((await world.app.inject(`/docs/${link.slice(2)}`)).statusCode, link).toBe(200);
    }
    // A script in the page itself would not run under this policy.
    expect(page.body).not.toMatch(/<script(?![^>]*src=)/);
    expect((await world.app.inject('/docs/json')).statusCode).toBe(200);
  });
});

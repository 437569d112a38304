import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ViewsBehind } from '../../../../../projections/errors.js';
import { apiWorld, PROJECT, type Answer, type ApiWorld } from '../../../../worlds/api-world.js';

let world: ApiWorld;
beforeEach(async () => {
  world = await apiWorld();
});
afterEach(() => world.close());

interface Key {
  readonly key_id: string;
  readonly key_secret: string;
}
const create = (name: string, scopes: readonly string[]): Promise<Answer> =>
  world.call('POST', '/access-keys', { name, scopes });
const created = async (name: string, scopes: readonly string[]): Promise<Key> =>
  (await create(name, scopes)).body as unknown as Key;
const revoke = (keyId: string) => world.call('DELETE', `/access-keys/${keyId}`);
const list = async () =>
  (await world.call('GET', '/access-keys')).body['access_keys'] as Record<string, unknown>[];

const basic = ({ key_id, key_secret }: Key) => `Basic ${btoa(`${key_id}:${key_secret}`)}`;
const getApps = async (authorization: string) =>
  (await world.app.inject({ url: `/v1/projects/${PROJECT}/apps`, headers: { authorization } })).statusCode;
const tokenOf = (authorization: string) =>
  world.app.inject({
    method: 'POST',
    url: '/oauth2/token',
    headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'grant_type=client_credentials',
  });
const bearer = async (key: Key) =>
  `Bearer ${(await tokenOf(basic(key))).json<{ access_token: string }>().access_token}`;
const guess = () => getApps(`Basic ${btoa('nobody:guessed-secret')}`);

describe('access keys', () => {
  it('show their secret once, and let in at once with the scopes that they were given', async () => {
    const answer = await create('shop, server 2', ['read', 'send']);
    expect(answer).toMatchObject({
      status: 200,
      body: { name: 'shop, server 2', scopes: ['read', 'send'], created_at: '2026-01-02T03:04:05.678Z' },
    });
    const key = answer.body as unknown as Key;
    expect(await getApps(basic(key))).toBe(200);
    const names = await world.app.inject({
      method: 'DELETE',
      url: `/v1/projects/${PROJECT}/apps/app1`,
      headers: { authorization: basic(key) },
    });
    expect(names.statusCode).toBe(403);
    const rows = await list();
    const [admin] = world.credentials('admin').split(':');
    expect(rows).toHaveLength(5);
    expect(rows.at(-1)).toEqual({
      key_id: key.key_id,
      key_secret: '********',
      name: 'shop, server 2',
      scopes: ['read', 'send'],
      created_at: '2026-01-02T03:04:05.678Z',
      created_by: admin,
    });
    expect(rows[0]).toMatchObject({ name: 'read', created_by: null });
    const kept = JSON.stringify([await world.events(), rows, world.logLines]);
    expect(kept).not.toContain(key.key_secret);
  });

  it('are not cached on their way', async () => {
    const answer = await world.app.inject({
      method: 'POST',
      url: `/v1/projects/${PROJECT}/access-keys`,
      headers: { authorization: `Basic ${btoa(world.credentials('admin'))}` },
      payload: { name: 'n', scopes: ['read'] },
    });
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('are rotated without a moment in which nobody gets in', async () => {
    const old = await created('old', ['read']);
    const oldToken = await bearer(old);
    const fresh = await created('new', ['read']);
    const freshToken = await bearer(fresh);
    const all = [basic(old), oldToken, basic(fresh), freshToken];
    expect(await Promise.all(all.map(getApps))).toEqual([200, 200, 200, 200]);
    expect((await revoke(old.key_id)).status).toBe(200);
    expect(await Promise.all(all.map(getApps))).toEqual([401, 401, 200, 200]);
    expect((await tokenOf(basic(old))).statusCode).toBe(401);
    // Once more is the same as once.
    expect((await revoke(old.key_id)).status).toBe(200);
    expect((await list()).map(({ name }) => name)).not.toContain('old');
  });

  it('are revoked from the answer on, each time', async () => {
    for (let n = 0; n < 30; n++) {
      const key = await created('short-lived', ['read']);
      const token = await bearer(key);
      await revoke(key.key_id);
      expect([await getApps(basic(key)), await getApps(token)]).toEqual([401, 401]);
      world.clock.ms += 1_000;
    }
  });

  it('leave a project its last admin', async () => {
    const [admin = ''] = world.credentials('admin').split(':');
    expect(await revoke(admin)).toMatchObject({
      status: 400,
      body: {
        error: {
          status: 'FAILED_PRECONDITION',
          message: 'key_id: the last admin key of a project cannot be revoked',
        },
      },
    });
    expect((await list()).length).toBe(4);
    const second = await created('second', ['admin']);
    expect((await revoke(admin)).status).toBe(200);
    expect(await getApps(basic(second))).toBe(200);
    expect((await world.call('GET', '/access-keys')).status).toBe(401);
  });

  it('of another project are not there', async () => {
    const [foreign = ''] = world.credentials('other-project').split(':');
    expect((await revoke(foreign)).status).toBe(404);
    expect((await list()).map(({ key_id }) => key_id)).not.toContain(foreign);
  });
});

describe('while the views stand still', () => {
  it('a revocation is not promised before it is kept, and a secret is not lost', async () => {
    const none = { find: () => undefined, get: () => undefined, findSent: () => undefined, list: () => [] };
    const page = () => ({ identities: [], nextKey: null });
    const admin = { projectId: PROJECT, scopes: ['admin'] as const, secretHash: SHA256_OF_X };
    const behind = await apiWorld(undefined, {
      views: {
        ...{
          apps: none,
          endpoints: none,
          consentLists: { page },
          audit: { records: () => [] },
          suspicions: { find: () => undefined, page: () => ({ rows: [], nextKey: null }) },
          messages: { ...none, page: () => ({ messages: [], nextKey: null }) },
          callbacks: {
            open: () => undefined,
            item: () => undefined,
            recent: () => undefined,
            page: () => ({ callbacks: [], nextKey: null }),
          },
        },
        keys: { find: (keyId) => ({ ...admin, keyId }) },
        passed: (position) => Promise.reject(new ViewsBehind(position, 0n)),
      },
    });
    const headers = { authorization: `Basic ${btoa('k:x')}` };
    const [read = ''] = behind.credentials('read').split(':');
    const revoked = await behind.call('DELETE', `/access-keys/${read}`, undefined, { headers });
    expect(revoked).toMatchObject({ status: 503, body: { error: { status: 'UNAVAILABLE' } } });
    const made = await behind.call('POST', '/access-keys', { name: 'n', scopes: ['read'] }, { headers });
    expect(made).toMatchObject({ status: 200, body: { key_secret: expect.any(String) as string } });
    await behind.close();
  });
  const SHA256_OF_X = '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881';
});

describe('failed sign-ins', () => {
  it('never lock out the right key behind the same address', async () => {
    const key = await created('k', ['read']);
    const statuses = [];
    for (let n = 0; n < 200; n++) {
      statuses.push(await guess(), (await tokenOf(`Basic ${btoa('nobody:guessed-secret')}`)).statusCode);
    }
    expect(statuses.filter((status) => status === 401)).toHaveLength(30);
    expect(statuses.filter((status) => status === 429)).toHaveLength(370);
    expect(await getApps(basic(key))).toBe(200);
    expect(await getApps(await bearer(key))).toBe(200);
  });

  it('are logged without what was sent', async () => {
    const { key_id: keyId } = await created('k', ['read']);
    const token = await bearer(await created('gone', ['read']));
    const gone = (await list()).at(-1)?.['key_id'] as string;
    await revoke(gone);
    await getApps(`Basic ${btoa(`${keyId}:guessed-secret`)}`);
    await getApps(`Basic ${btoa('46700000001:guessed-secret')}`);
    await getApps('Bearer guessed-secret');
    await getApps(token);
    const lines = world.logLines.filter((line) => line.includes('sign-in failed'));
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { level: 40, why: 'basic', keyId, peer: '127.0.0.1' },
      { why: 'basic', keyId: 'unknown' },
      { why: 'invalid', keyId: 'unknown' },
      { why: 'invalid', keyId: gone },
    ]);
    expect(world.logLines.join('')).not.toMatch(/guessed-secret|46700000001|Z3Vlc3NlZC/);
  });

  it('fill the log no faster than the bucket lets them', async () => {
    for (let n = 0; n < 100; n++) await guess();
    expect(world.logLines.filter((line) => line.includes('sign-in failed'))).toHaveLength(30);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SignJWT } from 'jose';
import { apiWorld, PROJECT, type ApiWorld } from '../../../worlds/api-world.js';

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
});
afterAll(async () => {
  await world.close();
});

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const basic = (pair: string) => ({ authorization: `Basic ${btoa(pair)}` });
const getToken = (headers: Record<string, string>, payload = 'grant_type=client_credentials') =>
  world.app.inject({ method: 'POST', url: '/oauth2/token', headers: { ...form, ...headers }, payload });
const tokenFor = async (scope: 'read' | 'send' | 'admin' | 'other-project') =>
  (await getToken(basic(world.credentials(scope)))).json<{ access_token: string }>().access_token;
const listApps = (authorization?: string) =>
  world.app.inject({
    url: `/v1/projects/${PROJECT}/apps`,
    headers: authorization === undefined ? {} : { authorization },
  });
/** Time enough for the buckets of failed sign-ins to fill again. */
const later = () => {
  world.clock.ms += 10_000;
};

describe('POST /oauth2/token', () => {
  it('answers all four fields, with a JWT that carries exp', async () => {
    const answer = await getToken(basic(world.credentials('read')));
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    const body = answer.json<Record<string, unknown>>();
    expect(body).toEqual({
      access_token: body['access_token'],
      expires_in: 3600,
      scope: 'read',
      token_type: 'bearer',
    });
    const parts = String(body['access_token']).split('.');
    expect(parts).toHaveLength(3);
    const claims = JSON.parse(Buffer.from(String(parts[1]), 'base64url').toString()) as Record<
      string,
      unknown
    >;
    expect(claims).toMatchObject({
      exp: Math.floor(world.clock.ms / 1000) + 3600,
      scope: 'read',
      project_id: PROJECT,
    });
  });

  it('takes credentials in the body as well', async () => {
    const [id, secret] = world.credentials('send').split(':');
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: String(id),
      client_secret: String(secret),
    });
    expect((await getToken({}, body.toString())).statusCode).toBe(200);
  });

  it.each([
    ['no credentials', {}, undefined, 401, 'invalid_client'],
    ['an unknown key', basic('nobody:secret'), undefined, 401, 'invalid_client'],
    ['another grant', basic('nobody:x'), 'grant_type=password', 400, 'unsupported_grant_type'],
    ['no grant', basic('nobody:x'), 'scope=read', 400, 'invalid_request'],
    ['no body', basic('nobody:x'), '', 400, 'invalid_request'],
  ])('answers in the shape of RFC 6749: %s', async (_name, headers, payload, status, error) => {
    later();
    const answer = await getToken(headers, payload);
    expect(answer.statusCode).toBe(status);
    const body = answer.json<Record<string, string>>();
    expect(Object.keys(body)).toEqual(['error', 'error_description']);
    expect(body['error']).toBe(error);
    expect(answer.headers['www-authenticate']).toBe(status === 401 ? 'Basic realm="optledger"' : undefined);
  });

  it('refuses a wrong secret', async () => {
    const [id] = world.credentials('read').split(':');
    expect((await getToken(basic(`${String(id)}:wrong`))).statusCode).toBe(401);
  });

  it('lets 30 through at once, then 10 a second, and says when to come back', async () => {
    later();
    const burst = await Promise.all(
      Array.from({ length: 40 }, () => getToken(basic(world.credentials('read')))),
    );
    expect(burst.filter(({ statusCode }) => statusCode === 200)).toHaveLength(30);
    const refused = burst.find(({ statusCode }) => statusCode === 429);
    expect(refused?.headers['retry-after']).toBe('1');
    expect(refused?.json()).toMatchObject({ error: 'temporarily_unavailable' });
    world.clock.ms += 1_000;
    const next = await Promise.all(
      Array.from({ length: 20 }, () => getToken(basic(world.credentials('read')))),
    );
    expect(next.filter(({ statusCode }) => statusCode === 200)).toHaveLength(10);
    later();
  });
});

describe('sign-in', () => {
  it('takes a token or the key itself', async () => {
    expect((await listApps(`Bearer ${await tokenFor('read')}`)).statusCode).toBe(200);
    expect((await listApps(`bearer ${await tokenFor('read')}`)).statusCode).toBe(200);
    expect((await listApps(`Basic ${btoa(world.credentials('read'))}`)).statusCode).toBe(200);
  });

  it('says expired when a token is, and only then', async () => {
    const token = await tokenFor('read');
    expect((await listApps(`Bearer ${token}`)).statusCode).toBe(200);
    world.clock.ms += 3_600_000;
    const answer = await listApps(`Bearer ${token}`);
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toBe(
      'Bearer error="invalid_token", error_description="The token is expired"',
    );
    expect(answer.json()).toMatchObject({ error: { code: 401, status: 'UNAUTHENTICATED', details: [] } });
    // Not remembered from before: the signature check finds it as well.
    const other = await signed(
      { sub: 'x', exp: Math.floor(world.clock.ms / 1000) - 1 },
      world.rootKey.jwtKey,
    );
    expect((await listApps(`Bearer ${other}`)).headers['www-authenticate']).toContain('expired');
  });

  it.each([
    ['nothing', async () => undefined],
    ['another scheme', async () => 'Digest abc'],
    ['no JWT', async () => 'Bearer abc'],
    [
      'a token signed by somebody else',
      async () => `Bearer ${await signed(inAnHour('x'), Buffer.alloc(32))}`,
    ],
    [
      'a token of a key that does not stand',
      async () => `Bearer ${await signed(inAnHour('gone'), world.rootKey.jwtKey)}`,
    ],
    ['a token without exp', async () => `Bearer ${await signed({ sub: 'x' }, world.rootKey.jwtKey)}`],
    ['an unsigned token', async () => `Bearer ${btoa('{"alg":"none"}')}.${btoa('{"sub":"x"}')}.`],
    ['an unknown key', async () => `Basic ${btoa('nobody:secret')}`],
    ['no colon', async () => `Basic ${btoa('nobody')}`],
  ])('refuses %s without the word expired', async (_name, authorization) => {
    const answer = await listApps(await authorization());
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toMatch(/^(Bearer|Basic) /);
    expect(JSON.stringify([answer.headers, answer.body])).not.toContain('expired');
  });

  it('answers 429 once an address failed 30 times, and lets right credentials through all the same', async () => {
    later();
    const statuses = [];
    for (let n = 0; n < 31; n++) statuses.push((await listApps(`Basic ${btoa('nobody:secret')}`)).statusCode);
    expect(statuses).toEqual([...Array.from({ length: 30 }, () => 401), 429]);
    expect((await listApps(`Basic ${btoa(world.credentials('read'))}`)).statusCode).toBe(200);
    later();
    expect((await listApps(`Basic ${btoa('nobody:secret')}`)).statusCode).toBe(401);
  });

  const inAnHour = (sub: string) => ({ sub, exp: Math.floor(world.clock.ms / 1000) + 3600 });
  const signed = (claims: Record<string, unknown>, key: Uint8Array) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setIssuer('optledger').sign(key);
});

describe('scopes', () => {
  const call = async (
    scope: 'read' | 'send' | 'admin' | 'other-project',
    method: 'GET' | 'POST',
    path: string,
  ) => (await world.call(method, path, method === 'POST' ? {} : undefined, { scope })).status;

  it('let a key do what they name, admin everything', async () => {
    expect(await call('read', 'GET', '/apps')).toBe(200);
    expect(await call('admin', 'GET', '/apps')).toBe(200);
    expect(await call('send', 'GET', '/apps')).toBe(403);
    expect(await call('read', 'POST', '/apps')).toBe(403);
    expect(await call('admin', 'POST', '/apps')).toBe(400);
  });

  it('are judged before the body is', async () => {
    const answer = await world.call('POST', '/apps', '{', { scope: 'read' });
    expect(answer).toMatchObject({
      status: 403,
      body: { error: { code: 403, status: 'PERMISSION_DENIED' } },
    });
  });

  it('keep to the project of the key', async () => {
    expect(await call('other-project', 'GET', '/apps')).toBe(403);
    const own = await world.app.inject({
      url: '/v1/projects/p2/apps',
      headers: { authorization: `Bearer ${await tokenFor('other-project')}` },
    });
    expect(own.json()).toEqual({ apps: [] });
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startInstance, type Instance } from '../support/instance/instance.js';
import { basic, rawRequest, type RawAnswer } from '../support/http/raw-http.js';
import { sinchClient } from '../support/http/sdk.js';
import { expectError } from '../support/http/wire.js';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const GRANT = 'grant_type=client_credentials';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance({ temporal: 'shared' });
});
afterAll(() => instance.stop());

const own = (): string => basic(instance.keyId, instance.keySecret);
const token = (headers: Record<string, string>, body = GRANT): Promise<RawAnswer> =>
  rawRequest(instance.url, { method: 'POST', path: '/oauth2/token', headers: { ...FORM, ...headers }, body });
const json = ({ text }: RawAnswer): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;
const get = (path: string, headers: Record<string, string>): Promise<RawAnswer> =>
  rawRequest(instance.url, { method: 'GET', path, headers });
const apps = (authorization?: string): Promise<RawAnswer> =>
  get(`${instance.base}/apps`, authorization === undefined ? {} : { authorization });
const refused = (answer: RawAnswer): string => {
  expectError({ status: answer.status, body: json(answer) }, 401, 'UNAUTHENTICATED');
  return answer.headers['www-authenticate'] ?? '';
};

describe('the token endpoint', () => {
  it('gives a JWT with its end, and all four keys', async () => {
    const answer = await token({ authorization: own() });
    expect(answer.status).toBe(200);
    const body = json(answer);
    expect(Object.keys(body).toSorted()).toEqual(['access_token', 'expires_in', 'scope', 'token_type']);
    expect(body).toMatchObject({
      expires_in: 3600,
      token_type: 'bearer',
      scope: expect.any(String) as string,
    });
    const [, payload = ''] = String(body['access_token']).split('.');
    const { exp, iat } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as {
      exp: number;
      iat: number;
    };
    expect(exp - iat).toBe(3600);
    expect(Math.abs(exp - 3600 - Date.now() / 1000)).toBeLessThan(5);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('takes the credentials in the form as well', async () => {
    const form = new URLSearchParams({ client_id: instance.keyId, client_secret: instance.keySecret });
    expect((await token({}, `${GRANT}&${String(form)}`)).status).toBe(200);
  });

  it('answers errors in the shape of RFC 6749', async () => {
    const wrong = await token({ authorization: basic(instance.keyId, 'wrong') });
    expect(wrong.status).toBe(401);
    expect(json(wrong)).toEqual({ error: 'invalid_client', error_description: expect.any(String) as string });
    const grant = await token({ authorization: own() }, 'grant_type=password');
    expect(grant.status).toBe(400);
    expect(json(grant)).toMatchObject({
      error: 'unsupported_grant_type',
      error_description: expect.any(String) as string,
    });
  });
});

describe('a request to the API', () => {
  it('is taken with a token or with key id and secret', async () => {
    const { access_token: access } = json(await token({ authorization: own() }));
    expect((await apps(`Bearer ${String(access)}`)).status).toBe(200);
    expect((await apps(`bearer ${String(access)}`)).status).toBe(200);
    expect((await apps(own())).status).toBe(200);
  });

  it('without sign-in is told so, in the envelope', async () => {
    expect(refused(await apps())).toBe('Bearer realm="optledger"');
  });

  it('never hears the word that means renewal, but for a token that ended', async () => {
    const { access_token: access } = json(await token({ authorization: own() }));
    for (const authorization of [
      `Bearer ${String(access)}x`,
      'Bearer opaque',
      basic('nobody', 'x'),
      'Digest x',
      '',
    ]) {
      const answer = await apps(authorization);
      expect(refused(answer)).not.toBe('');
      expect(JSON.stringify([answer.rawHeaders, answer.text])).not.toContain('expired');
    }
  });

  it('to another project is forbidden, whatever the sign-in', async () => {
    const { access_token: access } = json(await token({ authorization: own() }));
    for (const authorization of [own(), `Bearer ${String(access)}`]) {
      const answer = await get('/v1/projects/other/apps', { authorization });
      expectError({ status: answer.status, body: json(answer) }, 403, 'PERMISSION_DENIED');
    }
  });
});

describe('the limit of the token endpoint', () => {
  it('lets thirty pass at once, and says when to come back', async () => {
    const started = Date.now();
    const answers = await Promise.all(Array.from({ length: 200 }, () => token({ authorization: own() })));
    const refilled = (10 * (Date.now() - started)) / 1_000;
    const passed = answers.filter(({ status }) => status === 200);
    const limited = answers.filter(({ status }) => status === 429);
    expect(passed.length + limited.length).toBe(200);
    // The tests above have taken a few.
    expect(passed.length).toBeGreaterThanOrEqual(20);
    expect(passed.length).toBeLessThanOrEqual(31 + refilled);
    for (const answer of limited) {
      expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1);
      expect(json(answer)).toEqual({
        error: 'temporarily_unavailable',
        error_description: expect.any(String) as string,
      });
    }
  });

  it('is waited for by the SDK', async () => {
    // The bucket is empty now; the SDK comes back three times, as late as it is told.
    const clients = Array.from({ length: 12 }, () => sinchClient(instance));
    const lists = await Promise.all(clients.map((client) => client.conversation.app.list({})));
    expect(lists.map(({ apps: found = [] }) => found.length)).toEqual(clients.map(() => 1));
  });
});

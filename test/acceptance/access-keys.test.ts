import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newDataDir, startInstance, type Instance } from '../support/instance/instance.js';
import { basic, rawRequest, type RawAnswer } from '../support/http/raw-http.js';
import { sinchClient } from '../support/http/sdk.js';
import { waitFor } from '../support/wait-for.js';

const dataDir = newDataDir();
let instance: Instance;
beforeAll(async () => {
  instance = await startInstance({ temporal: 'shared', dataDir });
});
afterAll(() => instance.stop());

interface Key {
  readonly key_id: string;
  readonly key_secret: string;
}
async function create(name: string, scopes: readonly string[]): Promise<Key> {
  const { status, body } = await instance.call<Key>('POST', '/access-keys', { name, scopes });
  expect(status).toBe(200);
  return body;
}
const revoke = async ({ key_id }: Key) => (await instance.call('DELETE', `/access-keys/${key_id}`)).status;
const authorization = ({ key_id, key_secret }: Key): string => basic(key_id, key_secret);
const get = (header: string): Promise<RawAnswer> =>
  rawRequest(instance.url, {
    method: 'GET',
    path: `${instance.base}/apps`,
    headers: { authorization: header },
  });
const tokenRequest = (key: Key): Promise<RawAnswer> =>
  rawRequest(instance.url, {
    method: 'POST',
    path: '/oauth2/token',
    headers: { authorization: authorization(key), 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials',
  });
const bearer = async (key: Key): Promise<string> =>
  `Bearer ${(JSON.parse((await tokenRequest(key)).text) as { access_token: string }).access_token}`;

/** Asks again and again, some at a time, until it is stopped; counts the answers by status. */
function traffic(header: () => string) {
  const counts = new Map<number, number>();
  let running = true;
  const one = async (): Promise<void> => {
    while (running) {
      const { status } = await get(header());
      counts.set(status, (counts.get(status) ?? 0) + 1);
    }
  };
  const all = Promise.all(Array.from({ length: 4 }, one));
  return {
    counts,
    stop: async () => {
      running = false;
      await all;
    },
  };
}

describe('access keys of a running instance', () => {
  it('are rotated under traffic without one refusal', async () => {
    const old = await create('old', ['read']);
    let current = authorization(old);
    const { counts, stop } = traffic(() => current);
    await waitFor('some traffic', () => (counts.get(200) ?? 0) > 50);
    const fresh = await create('new', ['read']);
    current = authorization(fresh);
    const before = counts.get(200) ?? 0;
    await waitFor('traffic by the new key', () => (counts.get(200) ?? 0) > before + 50);
    expect(await revoke(old)).toBe(200);
    const after = counts.get(200) ?? 0;
    await waitFor('more traffic', () => (counts.get(200) ?? 0) > after + 50);
    await stop();
    expect([...counts.keys()]).toEqual([200]);
    expect((await get(authorization(old))).status).toBe(401);
  });

  it('are refused from the answer of their revocation on, and their tokens with them', async () => {
    for (let n = 0; n < 20; n++) {
      const key = await create(`short-lived ${String(n)}`, ['read']);
      const token = await bearer(key);
      expect((await get(token)).status).toBe(200);
      expect(await revoke(key)).toBe(200);
      // Of one address 30 failures are answered at once, and 10 more each second: then it is 429.
      expect([401, 429]).toContain((await get(token)).status);
      expect([401, 429]).toContain((await get(authorization(key))).status);
    }
  });

  it('work in the SDK as any key does, and survive a kill', async () => {
    const key = await create('sdk', ['read']);
    const gone = await create('gone', ['admin']);
    await revoke(gone);
    await instance.kill();
    instance = await startInstance({ temporal: 'shared', dataDir });
    const client = sinchClient({ ...instance, keyId: key.key_id, keySecret: key.key_secret });
    const { apps = [] } = await client.conversation.app.list({});
    expect(apps.map(({ id }) => id)).toEqual([instance.appId]);
    expect((await get(authorization(gone))).status).toBe(401);
  });

  it('leave the demo key its place as the last admin', async () => {
    const answer = await instance.call('DELETE', `/access-keys/${instance.keyId}`);
    expect(answer).toMatchObject({ status: 400, body: { error: { status: 'FAILED_PRECONDITION' } } });
    const { body } = await instance.call<{ access_keys: Record<string, unknown>[] }>('GET', '/access-keys');
    expect(body.access_keys[0]).toMatchObject({ key_id: instance.keyId, name: 'demo', scopes: ['admin'] });
  });

  it('stand in clear nowhere: not in the log, not in the list', async () => {
    const key = await create('hidden', ['read']);
    await get(basic(key.key_id, 'guessed-wrong'));
    const { body } = await instance.call('GET', '/access-keys');
    expect(JSON.stringify(body)).not.toContain(key.key_secret);
    await waitFor('the failed sign-in in the log', () => instance.output().includes('sign-in failed'));
    expect(instance.output()).not.toMatch(new RegExp(`guessed-wrong|${key.key_secret}`));
  });
});

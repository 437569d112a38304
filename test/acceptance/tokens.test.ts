import { RequestFailedError, type SinchClient } from '@sinch/sdk-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startInstance, type Instance } from '../support/instance/instance.js';
import { rawRequest } from '../support/http/raw-http.js';
import {
  isTokenRequest,
  startRecordingProxy,
  type RecordingProxy,
  type Rewrites,
} from '../support/stand-ins/recording-proxy.js';
import { sinchClient } from '../support/http/sdk.js';
import { waitFor } from '../support/wait-for.js';

const TTL_S = 2;

let instance: Instance;
let proxy: RecordingProxy | undefined;

beforeAll(async () => {
  instance = await startInstance({ temporal: 'shared', environment: { TOKEN_TTL: String(TTL_S) } });
});
afterEach(async () => {
  await proxy?.close();
  proxy = undefined;
});
afterAll(() => instance.stop());

/** A client whose requests are written down. */
async function watched(rewrites: Rewrites = {}): Promise<{ client: SinchClient; proxy: RecordingProxy }> {
  proxy = await startRecordingProxy(instance.url, rewrites);
  return { client: sinchClient(instance, proxy.url), proxy };
}

/** Tokens that a client cannot look into, as the SDK's older versions took them all: kept until a 401. */
function opaqueTokens(): Rewrites & { readonly given: string[] } {
  const given: string[] = [];
  return {
    given,
    token: (jwt) => `opaque-${String(given.push(jwt))}`,
    bearer: (sent) => given[Number(sent.replace('opaque-', '')) - 1] ?? sent,
  };
}

const listApps = (client: SinchClient) => client.conversation.app.list({});
const withToken = (token: string) =>
  rawRequest(instance.url, {
    method: 'GET',
    path: `${instance.base}/apps`,
    headers: { authorization: `Bearer ${token}` },
  });
const faultOf = async (call: Promise<unknown>): Promise<RequestFailedError<unknown>> => {
  const error: unknown = await call.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (error instanceof RequestFailedError) return error;
  throw new Error('not a RequestFailedError', { cause: error });
};

describe('access tokens and the SDK', () => {
  it('renews a token that ended exactly once, and succeeds', async () => {
    const tokens = opaqueTokens();
    const { client, proxy: seen } = await watched(tokens);
    await listApps(client);
    const [first = ''] = tokens.given;
    await waitFor('the token to end', async () => (await withToken(first)).status === 401);
    const before = seen.exchanges.length;
    const { apps = [] } = await listApps(client);
    expect(apps.map(({ id }) => id)).toEqual([instance.appId]);
    const [refused, renewal, repeated, ...more] = seen.exchanges.slice(before);
    expect(refused).toMatchObject({ status: 401, challenge: expect.stringContaining('expired') as string });
    expect(renewal).toMatchObject({ path: '/oauth2/token', status: 200 });
    expect(repeated).toMatchObject({ status: 200, path: refused?.path });
    expect(more).toEqual([]);
    expect(tokens.given).toHaveLength(2);
  });

  it('says what the clients of other languages look for when a token ended', async () => {
    const tokens = opaqueTokens();
    await listApps((await watched(tokens)).client);
    const answer = await waitFor('the token to end', async () => {
      const tried = await withToken(tokens.given[0] ?? '');
      return tried.status === 401 && tried;
    });
    expect(answer.headers['www-authenticate']).toBe(
      'Bearer error="invalid_token", error_description="The token is expired"',
    );
    // One client looks the name up in lower case only.
    expect(answer.rawHeaders).toContain('www-authenticate');
    expect(JSON.parse(answer.text)).toMatchObject({
      error: { code: 401, status: 'UNAUTHENTICATED', details: [] },
    });
  });

  it('is spared the refusal where it reads the end out of the token', async () => {
    const { client, proxy: seen } = await watched();
    await listApps(client);
    await listApps(client);
    // Less than a minute is left, so it asks for a new one before each call.
    expect(seen.exchanges.map((one) => (isTokenRequest(one) ? 'token' : 'call'))).toEqual([
      'token',
      'call',
      'token',
      'call',
    ]);
    expect(seen.exchanges.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  it('gets an error at once for a 401 that does not say expired', async () => {
    const { client, proxy: seen } = await watched({ bearer: (sent) => `${sent}x` });
    const fault = await faultOf(listApps(client));
    expect(fault.statusCode).toBe(401);
    expect(JSON.parse(fault.data ?? '')).toMatchObject({ error: { code: 401, status: 'UNAUTHENTICATED' } });
    expect(seen.exchanges.map((one) => (isTokenRequest(one) ? 'token' : 'call'))).toEqual(['token', 'call']);
    expect(seen.exchanges[1]?.challenge).not.toContain('expired');
  });

  it('gets an error for a key secret that is wrong', async () => {
    proxy = await startRecordingProxy(instance.url);
    const client = sinchClient({ ...instance, keySecret: 'wrong' }, proxy.url);
    const fault = await faultOf(listApps(client));
    expect(fault.statusCode).toBe(401);
    expect(JSON.parse(fault.data ?? '')).toMatchObject({ error: 'invalid_client' });
    expect(proxy.exchanges).toHaveLength(1);
  });
});

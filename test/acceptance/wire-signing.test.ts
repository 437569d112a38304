import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startInstance, type Instance } from '../support/instance/instance.js';
import type { Received, Step } from '../support/stand-ins/scripted-server.js';
import { inbound, registerWebhook, toCallback } from '../support/story.js';
import { waitFor } from '../support/wait-for.js';
import { startWebhookReceiver, verifyStandard } from '../support/stand-ins/webhook-receiver.js';
import { settled, wireOf } from '../support/http/wire.js';

const SIGNATURE = 'x-sinch-webhook-signature';
const PERSON = '46701000001';

let instance: Instance;
let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>;
let appId: string;
/** Steps for the next requests to a path; 200 where there is none. */
const scripts = new Map<string, Step[]>();

beforeAll(async () => {
  receiver = await startWebhookReceiver({ answer: ({ path }) => scripts.get(path)?.shift() });
  instance = await startInstance({ temporal: 'shared' });
});
beforeEach(async () => {
  appId = await wireOf(instance).newApp();
});
afterAll(async () => {
  await instance.stop();
  await receiver.close();
});

const at = (path: string): Received[] => receiver.requests.filter((request) => request.path === path);
const first = (path: string): Promise<Received> => waitFor(`a request to ${path}`, () => at(path)[0]);
const hook = async (path: string, more: object): Promise<string> => {
  const webhook = await registerWebhook(instance, `${receiver.url}${path}`, {
    app_id: appId,
    triggers: ['MESSAGE_INBOUND'],
    ...more,
  });
  await instance.call('PATCH', `/webhooks/${webhook}/delivery-settings`, { delays: [1, 1, 1] });
  return webhook;
};
const write = () => inbound(instance, PERSON, 'hellö', { appId });
const header = ({ headers }: Received, name: string): string => headers[name] ?? '';
const signed = (secret: string, request: Received): string =>
  createHmac('sha256', Buffer.from(secret, 'utf8'))
    .update(
      `${request.body}.${header(request, `${SIGNATURE}-nonce`)}.${header(request, `${SIGNATURE}-timestamp`)}`,
    )
    .digest('base64');

describe('the signature of a callback', () => {
  it.each(['a secret', 'ä, ☃ & 📱', 'whsec_c2VjcmV0IG9mIG1pbmU=', 'YmFzZTY0'])(
    'stands in four headers, over the body, with the bytes of the secret as they are: %s',
    async (secret) => {
      const path = `/${appId}`;
      await hook(path, { secret });
      await write();
      const request = await first(path);
      expect(header(request, SIGNATURE)).toBe(signed(secret, request));
      expect(header(request, SIGNATURE)).toMatch(/^[A-Za-z0-9+/]{43}=$/);
      expect(header(request, `${SIGNATURE}-nonce`)).toMatch(/^[A-Za-z0-9-]{26,}$/);
      expect(header(request, `${SIGNATURE}-algorithm`)).toBe('HmacSHA256');
      expect(header(request, `${SIGNATURE}-timestamp`)).toMatch(/^\d{10}$/);
      expect(
        Math.abs(Number(header(request, `${SIGNATURE}-timestamp`)) - request.arrivedAt / 1000),
      ).toBeLessThan(5);
      // In the same request, for libraries of the common standard.
      expect(verifyStandard(secret, request)).toHaveProperty('message');
    },
  );

  it('is not there without a secret', async () => {
    await hook(`/${appId}`, {});
    await write();
    expect(
      Object.keys((await first(`/${appId}`)).headers).filter((name) => name.startsWith(SIGNATURE)),
    ).toEqual([]);
  });

  it('is made anew for every attempt, over the same bytes and ids', async () => {
    const path = `/${appId}`;
    scripts.set(path, [{ status: 500 }, { status: 503 }]);
    await hook(path, { secret: 'a secret' });
    await write();
    const attempts = await waitFor('three attempts', () => at(path).length >= 3 && at(path));
    await settled(instance);
    expect(at(path)).toHaveLength(3);
    const different = (name: string): number =>
      new Set(attempts.map((request) => header(request, name))).size;
    expect(new Set(attempts.map(({ body }) => body)).size).toBe(1);
    expect(different('optledger-delivery-id')).toBe(1);
    expect(different('webhook-id')).toBe(1);
    expect(attempts.map((request) => header(request, 'optledger-attempt'))).toEqual(['1', '2', '3']);
    expect(different(`${SIGNATURE}-nonce`)).toBe(3);
    expect(different(`${SIGNATURE}-timestamp`)).toBe(3);
    for (const request of attempts) expect(header(request, SIGNATURE)).toBe(signed('a secret', request));
  });
});

describe('a webhook with credentials', () => {
  const tokenStep = (number: number, expiresIn = 3600): Step => ({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ access_token: `token-${number}`, expires_in: expiresIn, token_type: 'bearer' }),
  });
  const credentials = (more: object = {}) => ({
    client_credentials: {
      client_id: 'me',
      client_secret: 'mine',
      endpoint: `${receiver.url}/${appId}/token`,
      ...more,
    },
  });
  const bearers = (): string[] => at(`/${appId}`).map((request) => header(request, 'authorization'));

  it('gets a token by Basic and form, and comes with it and with the signature', async () => {
    scripts.set(`/${appId}/token`, [tokenStep(1)]);
    await hook(`/${appId}`, { secret: 'a secret', ...credentials({ scope: 'a b', response_type: 'token' }) });
    await write();
    const request = await first(`/${appId}`);
    expect(header(request, 'authorization')).toBe('Bearer token-1');
    expect(header(request, SIGNATURE)).toBe(signed('a secret', request));
    const asked = await first(`/${appId}/token`);
    expect(header(asked, 'content-type')).toContain('application/x-www-form-urlencoded');
    expect(header(asked, 'authorization')).toBe(`Basic ${Buffer.from('me:mine').toString('base64')}`);
    expect(Object.fromEntries(new URLSearchParams(asked.body))).toEqual({
      grant_type: 'client_credentials',
      scope: 'a b',
      response_type: 'token',
    });
  });

  it('puts its credentials into the form where that is asked for', async () => {
    scripts.set(`/${appId}/token`, [tokenStep(1)]);
    await hook(`/${appId}`, credentials({ token_request_type: 'FORM' }));
    await write();
    await first(`/${appId}`);
    const asked = await first(`/${appId}/token`);
    expect(header(asked, 'authorization')).toBe('');
    expect(Object.fromEntries(new URLSearchParams(asked.body))).toEqual({
      grant_type: 'client_credentials',
      client_id: 'me',
      client_secret: 'mine',
    });
  });

  it('keeps its token for the next callbacks', async () => {
    scripts.set(`/${appId}/token`, [tokenStep(1), tokenStep(2)]);
    await hook(`/${appId}`, credentials());
    for (const count of [1, 2, 3, 4]) {
      await write();
      await waitFor('the callback', () => at(`/${appId}`).length >= count);
    }
    // Each worker gets one of its own.
    const workers = instance.topology?.of('worker').length ?? 1;
    const issued = at(`/${appId}/token`).length;
    expect(issued).toBeGreaterThan(0);
    expect(issued).toBeLessThanOrEqual(workers);
    const known = ['Bearer token-1', 'Bearer token-2'].slice(0, issued);
    expect(bearers()).toHaveLength(4);
    expect(new Set(bearers())).toEqual(new Set(known));
  });

  it('after a 401 of the target gets another token once, at once', async () => {
    scripts.set(`/${appId}/token`, [tokenStep(1), tokenStep(2)]);
    scripts.set(`/${appId}`, [{ status: 401 }]);
    await hook(`/${appId}`, credentials());
    await write();
    await settled(instance);
    expect(bearers()).toEqual(['Bearer token-1', 'Bearer token-2']);
    expect(at(`/${appId}/token`)).toHaveLength(2);
  });

  it('counts a token that is not given as a failed attempt, and tries again', async () => {
    scripts.set(`/${appId}/token`, [{ status: 500 }, tokenStep(1)]);
    await hook(`/${appId}`, credentials());
    await write();
    const request = await first(`/${appId}`);
    await settled(instance);
    expect(header(request, 'authorization')).toBe('Bearer token-1');
    expect(header(request, 'optledger-attempt')).toBe('2');
    expect(at(`/${appId}`)).toHaveLength(1);
    expect(toCallback(request).kind).toBe('message');
  });
});

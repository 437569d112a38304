import { beforeEach, describe, expect, it } from 'vitest';
import { createTokenSource, type OpenCredentials } from '../../../../channels/client-token.js';
import type { HttpAnswer, HttpCall } from '../../../../http-client/http-sender.js';
import { clientSecretContext } from '../../../../domain/seal-contexts.js';
import type { ClientCredentials } from '../../../../domain/settings.js';
import {
  answered,
  callbackWorld,
  endpoint,
  faulted,
  only,
  rootKey,
  type CallbackWorld,
} from '../../../worlds/callback-world.js';

const TOKEN_URL = 'https://auth.example/token';
const granted = (token: string, expiresIn: unknown = 300): HttpAnswer =>
  answered(200, { excerpt: JSON.stringify({ access_token: token, expires_in: expiresIn }) });
const credentials = (more: Partial<OpenCredentials> = {}): OpenCredentials => ({
  endpoint: TOKEN_URL,
  clientId: 'client å',
  clientSecret: 's:1',
  requestType: 'BASIC',
  ...more,
});

describe('token source', () => {
  function source(answer: HttpAnswer | (() => HttpAnswer)) {
    const calls: HttpCall[] = [];
    const clock = { ms: 0, now: () => clock.ms };
    const post = async (call: HttpCall) => {
      calls.push(call);
      return typeof answer === 'function' ? answer() : answer;
    };
    return { tokens: createTokenSource({ http: { post }, clock }), calls, clock };
  }

  it('asks with a form, the credentials in Basic', async () => {
    const { tokens, calls } = source(granted('t1'));
    expect(await tokens.get(credentials({ scope: 'a b', responseType: 'token' }), 1_000)).toEqual({
      ok: true,
      token: 't1',
    });
    const { url, headers, body, timeoutMs } = only(calls);
    expect({ url, timeoutMs, body }).toEqual({
      url: TOKEN_URL,
      timeoutMs: 1_000,
      body: 'grant_type=client_credentials&scope=a+b&response_type=token',
    });
    expect(headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(Buffer.from(headers['authorization']?.slice(6) ?? '', 'base64').toString()).toBe(
      'client+%C3%A5:s%3A1',
    );
  });

  it('or in the form', async () => {
    const { tokens, calls } = source(granted('t1'));
    await tokens.get(credentials({ requestType: 'FORM' }), 1_000);
    expect(only(calls).body).toBe(
      'grant_type=client_credentials&client_id=client+%C3%A5&client_secret=s%3A1',
    );
    expect(only(calls).headers).not.toHaveProperty('authorization');
  });

  it.each([
    [300, 300],
    ['300', 300],
    [5, 30],
    [86_400, 3_600],
    [null, 30],
    ['soon', 30],
  ])('keeps a token with expires_in %j for %d s', async (expiresIn, seconds) => {
    const { tokens, calls, clock } = source(granted('t1', expiresIn));
    await tokens.get(credentials(), 1_000);
    clock.ms = seconds * 1_000 - 1;
    await tokens.get(credentials(), 1_000);
    expect(calls).toHaveLength(1);
    clock.ms += 1;
    await tokens.get(credentials(), 1_000);
    expect(calls).toHaveLength(2);
  });

  it('asks once for all who wait, and apart for other credentials', async () => {
    const { tokens, calls } = source(granted('t1'));
    await Promise.all([
      tokens.get(credentials(), 1_000),
      tokens.get(credentials(), 1_000),
      tokens.get(credentials({ clientSecret: 'other' }), 1_000),
    ]);
    expect(calls).toHaveLength(2);
  });

  it('drops the refused token, but not one that came since', async () => {
    let n = 0;
    const { tokens, calls } = source(() => granted(`t${String(++n)}`));
    await tokens.get(credentials(), 1_000);
    tokens.drop(credentials(), 't1');
    expect(await tokens.get(credentials(), 1_000)).toEqual({ ok: true, token: 't2' });
    tokens.drop(credentials(), 't1');
    await tokens.get(credentials(), 1_000);
    expect(calls).toHaveLength(2);
  });

  it.each([
    ['refusal', answered(401)],
    ['no answer', faulted('timeout')],
    ['no JSON', answered(200, { excerpt: '<html>' })],
    ['no token', answered(200, { excerpt: '{}' })],
    ['null', answered(200, { excerpt: 'null' })],
    ['a token that no header can carry', granted('a\nb')],
  ])('is told by its answer when there is none: %s', async (_, answer) => {
    const { tokens, calls } = source(answer);
    expect(await tokens.get(credentials(), 1_000)).toEqual({ ok: false, answer });
    await tokens.get(credentials(), 1_000);
    expect(calls).toHaveLength(2);
  });
});

describe('callbacks with a token', () => {
  let world: CallbackWorld;
  const sealed: ClientCredentials = {
    clientId: 'c',
    sealedClientSecret: rootKey.seal('s', clientSecretContext('ep1')),
    endpoint: TOKEN_URL,
    tokenRequestType: 'BASIC',
  };
  beforeEach(async () => {
    world = await callbackWorld();
    await world.configure({ endpoints: [endpoint('ep1', { clientCredentials: sealed })] });
  });
  /** Answers of the token endpoint and of the receiver, in their order; the last one stays. */
  const script = (tokens: HttpAnswer[], answers: HttpAnswer[]): void => {
    world.sender.answer = ({ url }) => {
      const list = url === TOKEN_URL ? tokens : answers;
      return (list.length > 1 ? list.shift() : list[0]) ?? answered(500);
    };
  };
  const post = async (from: string) => {
    const [item] = await world.inbound('HELLO', from);
    if (item === undefined) throw new Error('nothing owed');
    return { item, result: await world.poster.postCallback(item) };
  };

  it('sends the token, signed as well, and asks for it once', async () => {
    script([granted('t1')], [answered(200)]);
    await post('46700000001');
    await post('46700000002');
    const calls = world.sender.calls.filter(({ url }) => url !== TOKEN_URL);
    expect(world.sender.calls).toHaveLength(3);
    expect(calls.map(({ headers }) => headers['authorization'])).toEqual(['Bearer t1', 'Bearer t1']);
    expect(calls[0]?.headers).toHaveProperty('webhook-signature');
  });

  it('asks anew after a 401, once, in the same attempt', async () => {
    script([granted('t1'), granted('t2')], [answered(401), answered(200)]);
    const { result } = await post('46700000001');
    expect(result).toMatchObject({ state: 'delivered', attempts: 1 });
    const tried = world.sender.calls.filter(({ url }) => url !== TOKEN_URL);
    expect(tried.map(({ headers }) => [headers['authorization'], headers['optledger-attempt']])).toEqual([
      ['Bearer t1', '1'],
      ['Bearer t2', '1'],
    ]);
  });

  it('takes a second 401 for the answer', async () => {
    script([granted('t1'), granted('t2')], [answered(401)]);
    const { item } = await post('46700000001');
    expect(only(await world.events(item.callbackId))).toMatchObject({
      data: { class: 'misconfigured', status: 401 },
    });
    expect(world.sender.calls).toHaveLength(4);
  });

  it.each([
    [
      answered(401),
      { type: 'callback-attempted', data: { class: 'transient', status: 401, fault: 'token' } },
    ],
    [
      answered(410),
      { type: 'callback-attempted', data: { class: 'transient', status: 410, fault: 'token' } },
    ],
    [
      faulted('timeout'),
      { type: 'callback-attempted', data: { class: 'transient', status: null, fault: 'token' } },
    ],
    [
      faulted('blocked'),
      { type: 'callback-parked', data: { reason: 'blocked', last: { fault: 'blocked' } } },
    ],
  ])('counts a failed token call as a failed attempt: %j', async (answer, event) => {
    script([answer], [answered(200)]);
    const { item } = await post('46700000001');
    expect(only(await world.events(item.callbackId))).toMatchObject(event);
    expect(world.sender.calls.map(({ url }) => url)).toEqual([TOKEN_URL]);
    expect((await world.app()).endpoints[0]?.disabled).toBeNull();
  });

  it('counts the second token call too', async () => {
    script([granted('t1'), answered(503)], [answered(401)]);
    const { item } = await post('46700000001');
    expect(only(await world.events(item.callbackId))).toMatchObject({
      data: { status: 503, fault: 'token' },
    });
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from 'node:net';
import { AppendUnclear, LedgerUnavailable } from '../../../../ledger/errors.js';
import type { Ledger } from '../../../../ledger/ledger.js';
import { apiWorld, PROJECT, sms, type ApiWorld } from '../../../worlds/api-world.js';

let world: ApiWorld;
let fault: (() => Error) | undefined;
/** A ledger whose appends fail where a test asks for it. */
const failing = (ledger: Ledger): Ledger => ({
  readStream: (stream, read) => ledger.readStream(stream, read),
  readAll: (read) => ledger.readAll(read),
  subscribe: (read) => ledger.subscribe(read),
  append: async (...args) => {
    if (fault !== undefined) throw fault();
    return ledger.append(...args);
  },
});
beforeAll(async () => {
  world = await apiWorld(failing);
});
afterAll(async () => {
  await world.close();
});

const authorization = () => `Basic ${btoa(world.credentials('admin'))}`;
const raw = (payload: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  world.app.inject({
    method: 'POST',
    url: `/v1/projects/${PROJECT}/apps`,
    headers: { authorization: authorization(), ...headers },
    payload,
  });

describe('bodies', () => {
  it.each([
    ['broken JSON', '{"display_name": ', undefined, 400],
    ['no body', '', undefined, 400],
    ['a body that is text', 'hello', { 'content-type': 'text/plain' }, 400],
    ['a body without a content type', '{}', { 'content-type': '' }, 400],
    [
      'a form',
      'display_name=hello&channel_credentials=',
      { 'content-type': 'application/x-www-form-urlencoded' },
      400,
    ],
    ['33 levels', `${'['.repeat(33)}${']'.repeat(33)}`, undefined, 400],
    ['200,000 levels', '['.repeat(200_000), undefined, 400],
    ['a poisoned prototype', '{"__proto__": {"a": 1}}', undefined, 400],
    ['over a MiB', JSON.stringify({ display_name: 'x'.repeat(1_048_576) }), undefined, 413],
  ])('with %s are refused in the envelope', async (_name, payload, headers, status) => {
    const answer = await raw(payload, headers);
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({
      error: { code: status, status: 'INVALID_ARGUMENT', details: expect.any(Array) as unknown },
    });
    expect(answer.body).not.toMatch(/hello|display_name": /);
  });

  it.each([
    [32, 200],
    [33, 400],
  ])('of %i levels answer %i, whatever their texts hold', async (levels, status) => {
    const deep = `${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}`;
    const name = `${'['.repeat(40)}\\"${'{'.repeat(40)}`;
    const answer = await raw(`{"display_name": "${name}", "channel_credentials": [], "more": ${deep}}`);
    expect(answer.statusCode).toBe(status);
  });

  it('name the field, never what stood in it, nor a key that looks like an identity', async () => {
    const answer = await world.call('PATCH', `/apps/${world.appId}/consent-settings`, {
      mode: 'geheim',
      '46700000001': true,
    });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('mode');
    expect(answer.text).not.toMatch(/geheim|46700000001/);
  });
});

describe('paths', () => {
  it.each([
    ['GET', `/v1/projects/${PROJECT}/webhooks`],
    ['PUT', `/v1/projects/${PROJECT}/apps/a`],
    ['POST', `/v1/projects/${PROJECT}/apps/a/webhooks`],
    ['GET', `/v1/projects/${PROJECT}/messages:send`],
    ['DELETE', `/v1/projects/${PROJECT}/consents`],
    ['GET', '/oauth2/token'],
    ['POST', '/health/live'],
  ] as const)('known, but not with %s: %s answers 501', async (method, url) => {
    const answer = await world.app.inject({ method, url });
    expect(answer.statusCode).toBe(501);
    expect(answer.body).toContain('not offered on this path');
  });

  it('answer other methods in the shape of their own errors', async () => {
    const shape = async (url: string) => Object.keys((await world.app.inject({ method: 'PUT', url })).json());
    expect(await shape(`/v1/projects/${PROJECT}/apps`)).toEqual(['error']);
    expect(await shape(`/v1/projects/${PROJECT}/consents`)).toEqual(['code', 'message', 'status', 'details']);
    expect(await shape('/oauth2/token')).toEqual(['error', 'error_description']);
  });

  it('unknown answer 404 in the envelope, limited', async () => {
    const one = await world.app.inject('/v1/nothing');
    expect(one.json()).toEqual({
      error: { code: 404, message: 'no such path', status: 'NOT_FOUND', details: [] },
    });
    const many = await Promise.all(Array.from({ length: 120 }, () => world.app.inject('/v1/nothing')));
    expect(many.filter(({ statusCode }) => statusCode === 429).length).toBeGreaterThan(0);
    expect(many.at(-1)?.json()).toMatchObject({ error: { code: 429, status: 'RESOURCE_EXHAUSTED' } });
  });

  it('that are no paths answer in the envelope', async () => {
    expect((await world.app.inject('/%zz')).json()).toMatchObject({
      error: { code: 400, status: 'INVALID_ARGUMENT' },
    });
    const long = await world.app.inject({ url: `/v1/projects/${'p'.repeat(3_000)}/apps` });
    expect(long.json()).toMatchObject({ error: { code: 400 } });
  });

  it('go into the log as patterns', async () => {
    world.logLines.length = 0;
    await world.call('GET', '/apps/secret-app?token=secret');
    expect(world.logLines.join('')).toContain('/v1/projects/:project_id/apps/:app_id');
    expect(world.logLines.join('')).not.toContain('secret');
  });
});

describe('faults of the ledger', () => {
  it.each([
    [
      'an outcome that is unknown',
      () => new AppendUnclear(),
      '2',
      'outcome unknown, repeat with the same message_id',
    ],
    ['a ledger that cannot answer', () => new LedgerUnavailable(), '2', 'the ledger cannot answer now'],
  ])('%s answers 503 with Retry-After', async (_name, error, retryAfter, message) => {
    fault = error;
    // The command repeats an unknown outcome by the clock: let it be over at once.
    const now = world.clock.now;
    world.clock.now = () => (world.clock.ms += 5_000);
    const answer = await world.app.inject({
      method: 'POST',
      url: `/v1/projects/${PROJECT}/apps/${world.appId}/inbound/generic`,
      headers: { authorization: authorization() },
      payload: sms('46700000001', 'STOP'),
    });
    world.clock.now = now;
    fault = undefined;
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe(retryAfter);
    expect(answer.json()).toEqual({ error: { code: 503, message, status: 'UNAVAILABLE', details: [] } });
  });

  it('of ours answer 500, say nothing, and log frames without the message', async () => {
    world.logLines.length = 0;
    fault = () => new Error('broke at 46700000001');
    const answer = await raw(JSON.stringify({ display_name: 'x', channel_credentials: [] }));
    fault = undefined;
    expect(answer.json()).toEqual({
      error: { code: 500, message: 'internal error', status: 'INTERNAL', details: [] },
    });
    const lines = world.logLines.join('');
    expect(lines).toContain('server.test.ts');
    expect(lines).not.toContain('46700000001');
  });
});

describe('a listening server', () => {
  it('answers bytes that are not HTTP, sends headers in lower case, forbids everything to browsers', async () => {
    const address = await world.app.listen({ port: 0, host: '127.0.0.1' });
    const port = Number(new URL(address).port);
    const exchange = (bytes: string) =>
      new Promise<string>((resolve, reject) => {
        const socket = connect(port, '127.0.0.1', () => socket.end(bytes));
        const chunks: Buffer[] = [];
        socket.on('data', (chunk) => chunks.push(chunk)).on('error', reject);
        socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
      });
    expect(await exchange('hello\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [^]*\{"error":\{"code":400,/);
    const answer = await exchange(
      `GET /v1/projects/${PROJECT}/apps HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`,
    );
    expect(answer).toContain('\r\nwww-authenticate: Bearer realm="optledger"\r\n');
    expect(answer.toLowerCase()).toContain(
      "content-security-policy: default-src 'none';frame-ancestors 'none'",
    );
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BEARER, FOREIGN_TOKEN, WEBHOOK, type BadInput } from '../support/bad-inputs/bad-inputs.js';
import { ACCESS_INPUTS } from '../support/bad-inputs/bad-inputs-access.js';
import { CONSENT_INPUTS } from '../support/bad-inputs/bad-inputs-consents.js';
import { HTTP_INPUTS } from '../support/bad-inputs/bad-inputs-http.js';
import { LIST_INPUTS } from '../support/bad-inputs/bad-inputs-lists.js';
import { MESSAGE_INPUTS } from '../support/bad-inputs/bad-inputs-messages.js';
import { SETTINGS_INPUTS } from '../support/bad-inputs/bad-inputs-settings.js';
import { startInstance, type Instance } from '../support/instance/instance.js';
import { basic, rawRequest, type RawAnswer } from '../support/http/raw-http.js';

const INPUTS = [
  ...[...MESSAGE_INPUTS, ...CONSENT_INPUTS, ...SETTINGS_INPUTS],
  ...[...LIST_INPUTS, ...HTTP_INPUTS, ...ACCESS_INPUTS],
];
/** Marked identities in each spelling that stands in the cases, the marked text, and a piece of a long one. */
const MARKS = /799999901|4679999990|４６７|٤٦٧|a-marked-text|YS1tYXJrZWQ|STOP now|x{20}/u;

let instance: Instance;
const known: Record<string, string> = {};

beforeAll(async () => {
  instance = await startInstance({ temporal: 'shared', environment: { LOG_LEVEL: 'info' } });
  const hook = await instance.call<{ id: string }>('POST', '/webhooks', {
    app_id: instance.appId,
    target: 'http://127.0.0.1:9/hook',
  });
  known[WEBHOOK] = hook.body.id;
  // By the Batch API: it owes nobody anything, so nothing is written while the cases run.
  await instance.call('POST', '/consents', {
    app_id: instance.appId,
    consent_records: ['46700000001', '46700000002'].map((identification) => ({
      identification,
      consent_type: 'OPT_OUT_MARKETING',
    })),
  });
  const page = await instance.call<{ next_page_token: string }>(
    'GET',
    `/apps/${instance.appId}/consents/OPT_OUT_MARKETING?page_size=1`,
  );
  known[FOREIGN_TOKEN] = page.body.next_page_token;
  const token = await rawRequest(instance.url, {
    method: 'POST',
    path: '/oauth2/token',
    headers: {
      authorization: basic(instance.keyId, instance.keySecret),
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  });
  known[BEARER] = (JSON.parse(token.text) as { access_token: string }).access_token;
});

afterAll(() => instance.stop());

const filled = (text: string): string =>
  Object.entries(known).reduce((result, [name, value]) => result.replaceAll(name, value), text);

function ask({ method, path, body, headers = {} }: BadInput): Promise<RawAnswer> {
  const all = {
    authorization: basic(instance.keyId, instance.keySecret),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...headers,
  };
  const sent = Object.entries(all).filter(([name, value]) => value !== '' || name === 'idempotency-key');
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  return rawRequest(instance.url, {
    method,
    path: filled(path.startsWith('//') ? path.slice(1) : `${instance.base}${path}`),
    headers: Object.fromEntries(sent.map(([name, value]) => [name, filled(value)])),
    ...(text === undefined ? {} : { body: text }),
  });
}

async function ledgerPosition(): Promise<number> {
  const { text } = await rawRequest(instance.url, { method: 'GET', path: '/metrics' });
  return Number(/^optledger_ledger_position (\d+)$/m.exec(text)?.[1]);
}

/** Code, status and message of an error in the shape of its route. */
function errorOf(text: string, shape: BadInput['shape']): Record<string, unknown> {
  const body = JSON.parse(text) as Record<string, unknown>;
  if (shape === 'oauth') {
    expect(Object.keys(body)).toEqual(['error', 'error_description']);
    return { status: body['error'], message: body['error_description'], details: [] };
  }
  if (shape !== 'flat') expect(Object.keys(body)).toEqual(['error']);
  return (shape === 'flat' ? body : body['error']) as Record<string, unknown>;
}

describe('bad input', () => {
  it.each(INPUTS)('$name', async (input) => {
    const { code = 400, status = 'INVALID_ARGUMENT', shape = 'nested', names } = input;
    const before = await ledgerPosition();
    const answer = await ask(input);
    expect(answer.status, answer.text).toBe(code);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    const error = errorOf(answer.text, shape);
    if (shape !== 'oauth') expect(error['code']).toBe(code);
    expect(error).toMatchObject({ status, message: expect.stringContaining(names) as string });
    expect(error['details']).toBeInstanceOf(Array);
    expect(JSON.stringify([answer.text, answer.rawHeaders])).not.toMatch(MARKS);
    expect(await ledgerPosition()).toBe(before);
  });

  it('shows no identity and no text in what the instance wrote, nor in its metrics', async () => {
    expect(instance.output().split('\n').length).toBeGreaterThan(INPUTS.length);
    expect(instance.output()).not.toMatch(MARKS);
    expect((await rawRequest(instance.url, { method: 'GET', path: '/metrics' })).text).not.toMatch(MARKS);
  });

  it('of a body far too large is answered before its client has sent it all', async () => {
    const path = `${instance.base}/apps/${instance.appId}/consents:record`;
    const headers = {
      authorization: basic(instance.keyId, instance.keySecret),
      'content-type': 'application/json',
    };
    const body = Buffer.alloc(9_000_000, 'x');
    for (let round = 0; round < 15; round += 1) {
      const asked = Array.from({ length: 3 }, () =>
        rawRequest(instance.url, { method: 'POST', path, headers, body }),
      );
      expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([413, 413, 413]);
    }
  });

  it('leaves everything as it was', async () => {
    const { body } = await instance.call<{ apps: unknown[] }>('GET', '/apps');
    expect(body.apps).toHaveLength(1);
    const { body: hooks } = await instance.call<{ webhooks: { secret: string; triggers: string[] }[] }>(
      'GET',
      `/apps/${instance.appId}/webhooks`,
    );
    expect(hooks.webhooks).toMatchObject([{ secret: '', triggers: [] }]);
    const settings = await instance.call('GET', `/apps/${instance.appId}/consent-settings`);
    expect(settings.body).toMatchObject({ mode: 'PRIMARY', auto_reply: true, keywords: [], replies: [] });
  });

  it('is tried on every route of the API document', async () => {
    const { text } = await rawRequest(instance.url, { method: 'GET', path: '/openapi.json' });
    const { paths } = JSON.parse(text) as { paths: Record<string, Record<string, unknown>> };
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
    );
    expect(routes.length).toBeGreaterThan(20);
    // These answer whatever is asked.
    const untouched = ['/health/live', '/health/ready', '/metrics'];
    const missing = routes.filter(({ method, path }) => !untouched.includes(path) && !isTried(method, path));
    expect(missing).toEqual([]);
  });

  it('is a table of at least the size that was asked for', () => {
    expect(new Set(INPUTS.map(({ name }) => name)).size).toBeGreaterThanOrEqual(120);
  });
});

/** Whether a case has this method and a path of this pattern. */
function isTried(method: string, pattern: string): boolean {
  const shape = new RegExp(`^${pattern.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`);
  return INPUTS.some((input) => {
    const path = input.path.startsWith('//') ? input.path.slice(1) : `/v1/projects/demo${input.path}`;
    return input.method === method && shape.test(path.split('?')[0] ?? '');
  });
}

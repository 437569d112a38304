import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startInstance, type Instance } from '../support/instance/instance.js';
import { rawRequest } from '../support/http/raw-http.js';
import { inbound, send } from '../support/story.js';
import { expectError, wireOf, type Wire } from '../support/http/wire.js';

let instance: Instance;
let wire: Wire;
/** One with a limit of requests; those of sends and callbacks cannot be set yet. */
let limited: Instance;

beforeAll(async () => {
  instance = await startInstance({ temporal: 'shared' });
  wire = wireOf(instance);
  limited = await startInstance({ temporal: 'shared', environment: { API_RATE: '20' } });
});
afterAll(async () => {
  await instance.stop();
  await limited.stop();
});

describe('errors', () => {
  it('stand in an envelope: code, message, status and details', async () => {
    const { status, body } = await instance.call('GET', '/apps/nobody');
    expect(status).toBe(404);
    expect(body).toEqual({
      error: { code: 404, message: 'app not found', status: 'NOT_FOUND', details: [] },
    });
  });

  it('are flat on the path of the Batch API', async () => {
    const { status, body } = await instance.call('POST', '/consents', {
      app_id: 'nobody',
      consent_records: [{ identification: '46700000001' }],
    });
    expect(status).toBe(404);
    expect(body).toEqual({ code: 404, message: 'app not found', status: 'NOT_FOUND', details: [] });
  });

  it('name the fields at fault as google.rpc does', async () => {
    const { body } = await instance.call('POST', '/webhooks', {
      app_id: 'demo',
      target: 7,
      triggers: ['NONE'],
    });
    const { details } = (body as { error: { details: unknown } }).error;
    expect(details).toEqual([
      {
        '@type': 'type.googleapis.com/google.rpc.BadRequest',
        fieldViolations: [
          { field: 'target', description: expect.any(String) as string },
          { field: 'triggers.0', description: expect.any(String) as string },
        ],
      },
    ]);
  });

  it('400 INVALID_ARGUMENT: a malformed request', async () => {
    expectError(await instance.call('POST', '/messages:send', {}), 400, 'INVALID_ARGUMENT', 'app_id');
  });

  it('400 INVALID_ARGUMENT: a body without the JSON content type', async () => {
    const body = JSON.stringify({ display_name: 'Shop', channel_credentials: [] });
    const answer = await wire.raw({ method: 'POST', path: '/apps', body });
    expectError(
      { status: answer.status, body: JSON.parse(answer.text) },
      400,
      'INVALID_ARGUMENT',
      'content-type',
    );
    const charset = { 'content-type': 'application/json; charset=utf-8' };
    expect((await wire.raw({ method: 'POST', path: '/apps', body, headers: charset })).status).toBe(200);
  });

  it('401 UNAUTHENTICATED: bad credentials', async () => {
    const answer = await instance.call('GET', '/apps', undefined, { authorization: 'Basic YTpi' });
    expectError(answer, 401, 'UNAUTHENTICATED');
  });

  it('403 PERMISSION_DENIED: a valid key without access', async () => {
    expectError(await instance.call('GET', '/v1/projects/other/apps'), 403, 'PERMISSION_DENIED');
  });

  it('404 NOT_FOUND: an unknown resource or path', async () => {
    for (const path of [
      '/webhooks/nothing',
      '/messages/nothing',
      '/apps/nobody/webhooks',
      '/contacts',
      '/nowhere',
    ]) {
      expectError(await instance.call('GET', path), 404, 'NOT_FOUND');
    }
  });

  it('501 UNIMPLEMENTED: a method that is not offered on a path', async () => {
    expectError(await instance.call('POST', '/apps/demo/webhooks', {}), 501, 'UNIMPLEMENTED');
    expectError(await instance.call('DELETE', '/apps/demo/consents/OPT_OUT_ALL'), 501, 'UNIMPLEMENTED');
  });

  it('are JSON even where no request came', async () => {
    const answer = await rawRequest(instance.url, { method: 'GET', path: '/%zz' });
    expectError({ status: answer.status, body: JSON.parse(answer.text) }, 400, 'INVALID_ARGUMENT');
  });
});

describe('limits', () => {
  it('show in an app as integers, 0 where there is none', async () => {
    const { body } = await instance.call('GET', '/apps/demo');
    expect(body).toMatchObject({ rate_limits: { inbound: 0, outbound: 0, webhooks: 0 } });
  });

  it('429 RESOURCE_EXHAUSTED with Retry-After: more requests of a project than are allowed', async () => {
    const answers = await Promise.all(Array.from({ length: 150 }, () => limited.call('GET', '/apps')));
    const [refused] = answers.filter(({ status }) => status === 429);
    expectError(refused ?? { status: 0, body: {} }, 429, 'RESOURCE_EXHAUSTED');
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(15);
  });

  it('never refuse after writing', async () => {
    const answers = await Promise.all(Array.from({ length: 150 }, () => send(limited, '46700000001')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]));
    for (const { status, body } of answers) {
      expect('message_id' in body).toBe(status === 200);
    }
  });

  it('never hold for what contacts write', async () => {
    const answers = await Promise.all(
      Array.from({ length: 80 }, (_, at) => inbound(limited, `46700500${String(100 + at)}`, 'STOP')),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('are off by default', async () => {
    const answers = await Promise.all(Array.from({ length: 300 }, () => instance.call('GET', '/apps')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });
});

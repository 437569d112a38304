import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startInstance, type Instance } from '../support/instance/instance.js';
import type { RawAnswer } from '../support/http/raw-http.js';
import { expectError, WIRE_TIME, wireOf, type Wire } from '../support/http/wire.js';

const JSON_TYPE = { 'content-type': 'application/json' };

let instance: Instance;
let wire: Wire;
beforeAll(async () => {
  instance = await startInstance({ temporal: 'shared' });
  wire = wireOf(instance);
});
afterAll(() => instance.stop());

const bodyOf = <T = Record<string, unknown>>({ status, text }: RawAnswer): T => {
  expect(status, text).toBe(200);
  return JSON.parse(text) as T;
};
const post = (path: string, body: string): Promise<RawAnswer> =>
  wire.raw({ method: 'POST', path, headers: JSON_TYPE, body });
const newWebhook = async (appId: string): Promise<string> =>
  bodyOf<{ id: string }>(
    await post('/webhooks', JSON.stringify({ app_id: appId, target: 'http://127.0.0.1:9/', secret: 's' })),
  ).id;

describe('what the Node client sends', () => {
  it('GET with a JSON content type and no body', async () => {
    for (const path of ['/apps', '/apps/demo/consents/OPT_OUT_ALL', '/apps/demo/webhooks']) {
      bodyOf(await wire.raw({ method: 'GET', path, headers: JSON_TYPE }));
    }
  });

  it('DELETE with a JSON content type and no body', async () => {
    const appId = await wire.newApp();
    const webhook = await newWebhook(appId);
    expect(
      bodyOf(await wire.raw({ method: 'DELETE', path: `/webhooks/${webhook}`, headers: JSON_TYPE })),
    ).toEqual({});
    expect(bodyOf(await wire.raw({ method: 'DELETE', path: `/apps/${appId}`, headers: JSON_TYPE }))).toEqual(
      {},
    );
  });

  it('a number or digits as ttl, which it makes seconds of', async () => {
    const send = (ttl: string) =>
      post(
        '/messages:send',
        `{"app_id":"demo","recipient":{"identified_by":{"channel_identities":[{"channel":"SMS","identity":"46701200001"}]}},"message":{"text_message":{"text":"x"}},"ttl":${ttl}}`,
      );
    for (const ttl of ['"10s"', '10', '"10"']) bodyOf(await send(ttl));
  });

  it('a literal plus in a path, which stays one; in a query it is a space and no token', async () => {
    await wire.write('demo', 'SMS', '46701200002', 'STOP');
    const { audit_records: records } = bodyOf<{ audit_records: unknown[] }>(
      await wire.raw({ method: 'GET', path: '/apps/demo/consents/identities/+46701200002' }),
    );
    expect(records).toHaveLength(1);
    const answer = await wire.raw({
      method: 'GET',
      path: '/apps/demo/consents/OPT_OUT_ALL?page_size=50&page_token=a+b/c==',
    });
    expectError(
      { status: answer.status, body: JSON.parse(answer.text) },
      400,
      'INVALID_ARGUMENT',
      'page_token',
    );
  });

  it('a colon in a path', async () => {
    const answer = await post('/messages:send', '{}');
    expectError({ status: answer.status, body: JSON.parse(answer.text) }, 400, 'INVALID_ARGUMENT', 'app_id');
  });
});

describe('what the Python clients send and need', () => {
  it('JSON with spaces after its separators, other letters as escapes', async () => {
    const body = String.raw`{"app_id": "demo", "recipient": {"identified_by": {"channel_identities": [{"channel": "SMS", "identity": "+46701200003"}]}}, "message": {"text_message": {"text": "hej d\u00e5 \ud83d\udcf1"}}, "callback_url": "http://127.0.0.1:9/"}`;
    const { message_id: id } = bodyOf<{ message_id: string }>(await post('/messages:send', body));
    expect(bodyOf(await wire.raw({ method: 'GET', path: `/messages/${id}` }))).toMatchObject({
      app_message: { text_message: { text: 'hej då 📱' } },
    });
  });

  it('a webhook’s update mask in the body, an app’s in update_mask.paths', async () => {
    const appId = await wire.newApp();
    const webhook = await newWebhook(appId);
    const hook = await wire.raw({
      method: 'PATCH',
      path: `/webhooks/${webhook}`,
      headers: JSON_TYPE,
      body: '{"target": "http://127.0.0.1:9/other", "secret": "new", "update_mask": "secret"}',
    });
    expect(bodyOf(hook)).toMatchObject({ target: 'http://127.0.0.1:9/', secret: 'new' });
    const app = await wire.raw({
      method: 'PATCH',
      path: `/apps/${appId}?update_mask.paths=display_name`,
      headers: JSON_TYPE,
      body: '{"display_name": "New", "processing_mode": "CONVERSATION"}',
    });
    expect(bodyOf(app)).toMatchObject({ display_name: 'New', processing_mode: 'DISPATCH' });
  });

  it('every key of a webhook, also where nothing is set', async () => {
    const { webhooks } = bodyOf<{ webhooks: object[] }>(
      await wire.raw({ method: 'GET', path: `/apps/${await appWithWebhook()}/webhooks` }),
    );
    expect(webhooks).toEqual([
      {
        id: expect.any(String) as string,
        app_id: expect.any(String) as string,
        target: 'http://127.0.0.1:9/bare',
        target_type: 'HTTP',
        secret: '',
        triggers: [],
        client_credentials: null,
      },
    ]);
  });

  it('times with three fraction digits and a zone', async () => {
    await wire.write('demo', 'SMS', '46701200004', 'STOP');
    const { audit_records: records } = bodyOf<{ audit_records: { datetime: string }[] }>(
      await wire.raw({ method: 'GET', path: '/apps/demo/consents/identities/46701200004' }),
    );
    for (const { datetime } of records) expect(datetime).toMatch(WIRE_TIME);
  });
});

describe('what the Java client sends and needs', () => {
  it('DELETE without a content type', async () => {
    const appId = await wire.newApp();
    const webhook = await newWebhook(appId);
    expect(bodyOf(await wire.raw({ method: 'DELETE', path: `/webhooks/${webhook}` }))).toEqual({});
    expect(bodyOf(await wire.raw({ method: 'DELETE', path: `/apps/${appId}` }))).toEqual({});
  });

  it('PATCH without a mask that always carries the target', async () => {
    const webhook = await newWebhook(await wire.newApp());
    const path = `/webhooks/${webhook}`;
    const body = '{"target":"http://127.0.0.1:9/","triggers":["OPT_OUT"]}';
    expect(bodyOf(await wire.raw({ method: 'PATCH', path, headers: JSON_TYPE, body }))).toMatchObject({
      target: 'http://127.0.0.1:9/',
      secret: 's',
      triggers: ['OPT_OUT'],
    });
  });

  it('an error code that is a number, and details that are an array', async () => {
    const answer = await wire.raw({ method: 'GET', path: '/webhooks/nothing' });
    const { error } = JSON.parse(answer.text) as { error: { code: unknown; details: unknown } };
    expect(error).toMatchObject({ code: 404, details: [] });
  });

  it('header names in lower case', async () => {
    const answer = await wire.raw({ method: 'GET', path: '/apps', headers: { authorization: 'Bearer x' } });
    expect(answer.rawHeaders).toContain('www-authenticate');
  });

  it('identities always, and no empty page that has a token', async () => {
    const appId = await wire.newApp();
    for (const person of ['46701200005', '46701200006']) await wire.write(appId, 'SMS', person, 'STOP');
    const list = async (query: string) =>
      bodyOf<{ identities: object[]; next_page_token: string }>(
        await wire.raw({ method: 'GET', path: `/apps/${appId}/consents/OPT_OUT_ALL${query}` }),
      );
    const first = await list('?page_size=1');
    // Whoever was to come next left meanwhile.
    await wire.write(appId, 'SMS', '46701200006', 'START');
    expect(await list(`?page_size=1&page_token=${first.next_page_token}`)).toEqual({
      identities: [],
      next_page_token: '',
    });
  });
});

async function appWithWebhook(): Promise<string> {
  const appId = await wire.newApp();
  bodyOf(await post('/webhooks', JSON.stringify({ app_id: appId, target: 'http://127.0.0.1:9/bare' })));
  return appId;
}

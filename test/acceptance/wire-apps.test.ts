import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startInstance, type Instance } from '../support/instance/instance.js';
import { expectError, WIRE_ID, wireOf, type Wire } from '../support/http/wire.js';

type App = Record<string, unknown> & { readonly id: string };

let instance: Instance;
let wire: Wire;
beforeAll(async () => {
  instance = await startInstance({ temporal: 'shared' });
  wire = wireOf(instance);
});
afterAll(() => instance.stop());

const get = async (id: string): Promise<App> => (await instance.call<App>('GET', `/apps/${id}`)).body;
const patch = (id: string, body: object, query = '') =>
  instance.call<App>('PATCH', `/apps/${id}${query}`, body);
const create = (more: object) =>
  instance.call<App>('POST', '/apps', {
    display_name: 'Shop',
    channel_credentials: [{ channel: 'SMS' }],
    ...more,
  });

/** What one old Python client looks up without asking whether it is there. */
const INDEXED = [
  'id', 'display_name', 'channel_credentials', 'processing_mode', 'conversation_metadata_report_view', 'rate_limits',
  'retention_policy', 'dispatch_retention_policy', 'smart_conversation',
]; // prettier-ignore

describe('apps', () => {
  it('are created with a name and credentials', async () => {
    const { status, body } = await create({});
    expect(status).toBe(200);
    expect(body.id).toMatch(WIRE_ID);
    expectError(await create({ display_name: undefined }), 400, 'INVALID_ARGUMENT', 'display_name');
    expectError(
      await create({ channel_credentials: undefined }),
      400,
      'INVALID_ARGUMENT',
      'channel_credentials',
    );
  });

  it('are listed all at once', async () => {
    for (let one = 0; one < 12; one++) await wire.newApp({ display_name: `number ${String(one)}` });
    const { body } = await instance.call<{ apps: App[] }>('GET', '/apps?page_size=2');
    expect(Object.keys(body)).toEqual(['apps']);
    expect(body.apps.filter(({ display_name: name }) => String(name).startsWith('number'))).toHaveLength(12);
  });

  it('have the defaults of Sinch, and DISPATCH', async () => {
    expect(await get(await wire.newApp())).toMatchObject({
      processing_mode: 'DISPATCH',
      conversation_metadata_report_view: 'NONE',
      retention_policy: { retention_type: 'MESSAGE_EXPIRE_POLICY', ttl_days: 180 },
      dispatch_retention_policy: { retention_type: 'MESSAGE_EXPIRE_POLICY', ttl_days: 0 },
      smart_conversation: { enabled: false },
    });
  });

  it('have every key that clients look up, and whole numbers where these insist', async () => {
    const app = await get(await wire.newApp());
    expect(Object.keys(app)).toEqual(expect.arrayContaining(INDEXED));
    for (const value of Object.values(app['rate_limits'] as object))
      expect(value).toSatisfy(Number.isInteger);
    expect(Object.values(app)).not.toContain(null);
  });

  it('keep every field that is given', async () => {
    const given = {
      processing_mode: 'CONVERSATION',
      conversation_metadata_report_view: 'FULL',
      retention_policy: { retention_type: 'CONVERSATION_EXPIRE_POLICY', ttl_days: 3_650 },
      dispatch_retention_policy: { retention_type: 'MESSAGE_EXPIRE_POLICY', ttl_days: 7 },
      smart_conversation: { enabled: true },
      delivery_report_based_fallback: { enabled: true, delivery_report_waiting_time: 60 },
      message_retry_settings: { retry_duration: 3_600 },
    };
    expect(await get(await wire.newApp(given))).toMatchObject(given);
  });

  it('show their credentials in order, their secrets masked, no other kind as null', async () => {
    const id = await wire.newApp({
      channel_credentials: [
        {
          channel: 'WHATSAPP',
          static_bearer: { claimed_identity: 'w', token: 'secret-w' },
          static_token: null,
        },
        {
          channel: 'SMS',
          static_bearer: { claimed_identity: '12025550100', token: 'secret-s' },
          callback_secret: 'secret-c',
        },
        { channel: 'MESSENGER', static_token: { token: 'secret-m' } },
        { channel: 'RCS' },
      ],
    });
    const text = JSON.stringify(await get(id));
    expect(text).not.toContain('secret-');
    expect(text).not.toContain('null');
    const { channel_credentials: shown } = JSON.parse(text) as {
      channel_credentials: Record<string, object>[];
    };
    expect(shown.map(({ channel }) => channel)).toEqual(['WHATSAPP', 'SMS', 'MESSENGER', 'RCS']);
    // Typed clients refuse an entry of these channels without both.
    for (const channel of ['WHATSAPP', 'SMS', 'RCS']) {
      const entry = shown.find((one) => one['channel'] === (channel as unknown));
      expect(entry?.['static_bearer']).toEqual({
        claimed_identity: expect.any(String) as string,
        token: expect.any(String) as string,
      });
      expect(entry?.['state']).toMatchObject({ status: 'ACTIVE' });
    }
    expect(shown[2]).not.toHaveProperty('static_bearer');
  });

  it('show only that there is a secret for callback urls', async () => {
    const id = await wire.newApp({ callback_settings: { secret_for_overridden_callback_urls: 'of mine' } });
    expect(await get(id)).toMatchObject({
      callback_settings: { secret_for_overridden_callback_urls: '********' },
    });
  });

  it('do not change in what is read-only', async () => {
    const id = await wire.newApp();
    const before = await get(id);
    const sent = {
      rate_limits: { inbound: 9 },
      queue_stats: { outbound_size: 9 },
      id: 'other',
      message_search: { enabled: true },
    };
    expect((await patch(id, sent)).status).toBe(200);
    expect(await get(id)).toEqual(before);
  });

  it('have no key about consent management', async () => {
    expect(JSON.stringify(await get(await wire.newApp())).toLowerCase()).not.toMatch(
      /consent|opt_out|keyword/,
    );
  });

  it.each([
    ['?update_mask=display_name,smart_conversation', {}],
    ['?update_mask.paths=display_name&update_mask.paths=smart_conversation', {}],
    ['', { update_mask: { paths: ['display_name', 'smart_conversation'] } }],
  ])('change in what a mask names: %s %j', async (query, more) => {
    const id = await wire.newApp();
    const changed = await patch(
      id,
      {
        display_name: 'New',
        smart_conversation: { enabled: true },
        processing_mode: 'CONVERSATION',
        ...more,
      },
      query,
    );
    expect(changed.body).toMatchObject({
      display_name: 'New',
      smart_conversation: { enabled: true },
      processing_mode: 'DISPATCH',
    });
  });

  it('change without a mask in the keys that are present', async () => {
    const id = await wire.newApp();
    expect((await patch(id, { processing_mode: 'CONVERSATION' })).body).toMatchObject({
      display_name: 'Shop',
      processing_mode: 'CONVERSATION',
    });
  });

  it('are deleted with an empty answer, and then are gone', async () => {
    const id = await wire.newApp();
    expect(await instance.call('DELETE', `/apps/${id}`)).toMatchObject({ status: 200, body: {} });
    for (const [method, path] of [
      ['GET', `/apps/${id}`],
      ['DELETE', `/apps/${id}`],
      ['GET', `/apps/${id}/webhooks`],
      ['GET', `/apps/${id}/consents/OPT_OUT_ALL`],
    ] as const) {
      expectError(await instance.call(method, path), 404, 'NOT_FOUND');
    }
  });

  it('start enabled in PRIMARY, with the keywords of Sinch', async () => {
    const { body } = await instance.call('GET', `/apps/${await wire.newApp()}/consent-settings`);
    expect(body).toMatchObject({
      enabled: true,
      mode: 'PRIMARY',
      languages: ['EN', 'ES', 'PT'],
      keyword_sets: ['SINCH'],
      auto_reply: true,
      start_clears_all: false,
      callback_on_block: true,
      callback_on_api: false,
      accent_folding: false,
      suspected_stops: 'flag',
    });
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiWorld, type ApiWorld } from '../../../../worlds/api-world.js';

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
});
afterAll(async () => {
  await world.close();
});

const SMS = { channel: 'SMS', static_bearer: { claimed_identity: '4670999', token: 'bearer-secret' } };
const create = (more: Record<string, unknown> = {}) =>
  world.call('POST', '/apps', { display_name: 'shop', channel_credentials: [SMS], ...more });

describe('apps', () => {
  it('creates, gets, lists and deletes', async () => {
    const created = await create();
    expect(created.status).toBe(200);
    const id = String(created.body['id']);
    expect(id).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
    expect((await world.call('GET', `/apps/${id}`)).body).toEqual(created.body);
    const { apps } = (await world.call('GET', '/apps')).body as { apps: { id: string }[] };
    expect(apps.map((app) => app.id)).toEqual([world.appId, id]);
    expect(await world.call('DELETE', `/apps/${id}`)).toMatchObject({ status: 200, body: {} });
    expect((await world.call('GET', `/apps/${id}`)).status).toBe(404);
    expect(await world.call('DELETE', `/apps/${id}`)).toMatchObject({
      status: 404,
      body: { error: { code: 404, status: 'NOT_FOUND', message: 'app not found', details: [] } },
    });
  });

  it('shows every key that typed clients index, with integers where they insist', async () => {
    const { body } = await create();
    expect(body).toEqual({
      id: body['id'],
      display_name: 'shop',
      channel_credentials: [
        {
          channel: 'SMS',
          static_bearer: { claimed_identity: '4670999', token: '********' },
          state: { status: 'ACTIVE', description: '' },
          channel_known_id: '',
          credential_ordinal_number: 0,
        },
      ],
      processing_mode: 'DISPATCH',
      conversation_metadata_report_view: 'NONE',
      rate_limits: { inbound: 0, outbound: 0, webhooks: 0 },
      retention_policy: { retention_type: 'MESSAGE_EXPIRE_POLICY', ttl_days: 180 },
      dispatch_retention_policy: { retention_type: 'MESSAGE_EXPIRE_POLICY', ttl_days: 0 },
      smart_conversation: { enabled: false },
      persist_message_status: { enabled: false },
      message_search: { enabled: false },
    });
  });

  it('starts in PRIMARY, enabled, on the simulator', async () => {
    const { body } = await create();
    const { body: consent } = await world.call('GET', `/apps/${String(body['id'])}/consent-settings`);
    expect(consent).toMatchObject({ enabled: true, mode: 'PRIMARY', revision: 0 });
    const { body: channel } = await world.call('GET', `/apps/${String(body['id'])}/channel-settings`);
    expect(channel).toEqual({ type: 'simulator' });
  });

  it('leaves kinds of credentials out that were null, and fills the bearer that typed clients need', async () => {
    const { body } = await create({
      channel_credentials: [
        { channel: 'RCS', static_token: null },
        { channel: 'LINE', line_credentials: { token: 'a', secret: 'b' } },
      ],
    });
    expect(body['channel_credentials']).toMatchObject([
      { channel: 'RCS', static_bearer: { claimed_identity: '', token: '' } },
      { channel: 'LINE', line_credentials: { token: '********', secret: '********' } },
    ]);
    expect(JSON.stringify(body)).not.toContain('static_token');
  });

  it('keeps no secret in clear', async () => {
    await create({
      display_name: 'sealed',
      channel_credentials: [
        SMS,
        {
          channel: 'MMS',
          mms_credentials: { api_key: 'mms-secret', basic_auth: { username: 'u', password: 'pw-secret' } },
        },
      ],
      callback_settings: { secret_for_overridden_callback_urls: 'override-secret' },
    });
    expect(JSON.stringify(await world.events())).not.toMatch(
      /bearer-secret|mms-secret|pw-secret|override-secret"/,
    );
  });

  it.each([
    ['no display_name', { channel_credentials: [] }, 'display_name'],
    ['no credentials', { display_name: 'x' }, 'channel_credentials'],
    [
      'an unknown channel',
      { display_name: 'x', channel_credentials: [{ channel: 'PIGEON' }] },
      'channel_credentials.0.channel',
    ],
    [
      'the unspecified channel',
      { display_name: 'x', channel_credentials: [{ channel: 'CHANNEL_UNSPECIFIED' }] },
      'channel_credentials.0.channel',
    ],
    [
      'a bad mode',
      { display_name: 'x', channel_credentials: [], processing_mode: 'BOTH' },
      'processing_mode',
    ],
    [
      'too long a retention',
      { display_name: 'x', channel_credentials: [], retention_policy: { ttl_days: 3651 } },
      'retention_policy.ttl_days',
    ],
    ['a list as body', [], 'body'],
  ])('refuses %s, naming the field', async (_name, body, field) => {
    const before = (await world.events()).length;
    const answer = await world.call('POST', '/apps', body);
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { code: 400, status: 'INVALID_ARGUMENT', details: [{ fieldViolations: [{ field }] }] } },
    });
    expect((await world.events()).length).toBe(before);
  });

  it('ignores keys that it does not know', async () => {
    expect((await create({ consent_management: true, rate_limits: { inbound: 1 } })).status).toBe(200);
  });
});

describe('PATCH app', () => {
  const stored = async () => String((await create({ retention_policy: { ttl_days: 30 } })).body['id']);
  const patch = (id: string, query: string, body: unknown) =>
    world.call('PATCH', `/apps/${id}${query}`, body);

  it.each([
    ['one update_mask joined by commas', '?update_mask=display_name,processing_mode', {}],
    [
      'one update_mask.paths for each',
      '?update_mask.paths=display_name&update_mask.paths=processing_mode',
      {},
    ],
    ['a mask in the body', '', { update_mask: ['display_name', 'processing_mode'] }],
    ['a mask in the body with paths', '', { update_mask: { paths: ['display_name', 'processing_mode'] } }],
  ])('takes %s', async (_name, query, more) => {
    const body = {
      display_name: 'new',
      processing_mode: 'CONVERSATION',
      retention_policy: { ttl_days: 9 },
      ...more,
    };
    expect((await patch(await stored(), query, body)).body).toMatchObject({
      display_name: 'new',
      processing_mode: 'CONVERSATION',
      retention_policy: { ttl_days: 30 },
    });
  });

  it('without a mask merges the keys that are present', async () => {
    const { body } = await patch(await stored(), '', { display_name: 'new' });
    expect(body).toMatchObject({
      display_name: 'new',
      retention_policy: { ttl_days: 30 },
      channel_credentials: [{ channel: 'SMS' }],
    });
  });

  it('puts back to its default what the mask names and the body lacks', async () => {
    expect((await patch(await stored(), '?update_mask=retention_policy', {})).body).toMatchObject({
      retention_policy: { ttl_days: 180 },
    });
  });

  it('changes one field of an object', async () => {
    const { body } = await patch(await stored(), '?update_mask=retention_policy.retention_type', {
      retention_policy: { retention_type: 'PERSIST_RETENTION_POLICY', ttl_days: 1 },
    });
    expect(body).toMatchObject({
      retention_policy: { retention_type: 'PERSIST_RETENTION_POLICY', ttl_days: 30 },
    });
  });

  it.each([
    ['?update_mask=secret_sauce', {}, 'update_mask'],
    ['?update_mask=display_name', {}, 'display_name'],
    ['', { display_name: 7 }, 'display_name'],
  ])('refuses %s %j', async (query, body, field) => {
    expect(await patch(await stored(), query, body)).toMatchObject({
      status: 400,
      body: { error: { details: [{ fieldViolations: [{ field }] }] } },
    });
  });

  it('takes a mask that is sent back as the secret that it hid', async () => {
    const secret = { secret_for_overridden_callback_urls: 'over' };
    const shown = (await create({ callback_settings: secret })).body;
    expect(shown['callback_settings']).toEqual({ secret_for_overridden_callback_urls: '********' });
    const id = String(shown['id']);
    await patch(id, '', {
      channel_credentials: shown['channel_credentials'],
      callback_settings: shown['callback_settings'],
    });
    const last = (await world.events()).at(-1);
    const state = last?.type === 'app-changed' ? last.data.state : undefined;
    const [entry] = state?.profile['channel_credentials'] as { static_bearer: { token: string } }[];
    expect(world.rootKey.open(String(entry?.static_bearer.token), `channel-credential ${id}`)).toBe(
      'bearer-secret',
    );
    expect(world.rootKey.open(String(state?.sealedOverrideSecret), `override-secret ${id}`)).toBe('over');
  });
});

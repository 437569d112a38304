import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startInstance, type Instance } from '../support/instance/instance.js';
import { inbound, registerWebhook, toCallback } from '../support/story.js';
import { waitFor } from '../support/wait-for.js';
import { startWebhookReceiver } from '../support/stand-ins/webhook-receiver.js';
import { expectError, WIRE_ID, wireOf, type Wire } from '../support/http/wire.js';

const TARGET = 'http://127.0.0.1:9/hook';
const KEYS = ['id', 'app_id', 'target', 'target_type', 'secret', 'triggers', 'client_credentials'];
const TRIGGERS = [
  'MESSAGE_INBOUND', 'MESSAGE_DELIVERY', 'MESSAGE_SUBMIT', 'MESSAGE_INBOUND_SMART_CONVERSATION_REDACTION',
  'EVENT_INBOUND', 'EVENT_DELIVERY', 'CONVERSATION_START', 'CONVERSATION_STOP', 'CONVERSATION_DELETE', 'CONTACT_CREATE',
  'CONTACT_UPDATE', 'CONTACT_DELETE', 'CONTACT_MERGE', 'CONTACT_IDENTITIES_DUPLICATION', 'CAPABILITY', 'OPT_IN', 'OPT_OUT',
  'CHANNEL_EVENT', 'RECORD_NOTIFICATION', 'UNSUPPORTED', 'SMART_CONVERSATION', 'SMART_CONVERSATIONS', 'BATCH_STATUS_UPDATE',
]; // prettier-ignore

type Webhook = Record<string, unknown> & { readonly id: string };

let instance: Instance;
let wire: Wire;
let appId: string;
beforeAll(async () => {
  instance = await startInstance({ temporal: 'shared' });
  wire = wireOf(instance);
});
beforeEach(async () => {
  appId = await wire.newApp();
});
afterAll(() => instance.stop());

const create = (more: object = {}) =>
  instance.call<Webhook>('POST', '/webhooks', { app_id: appId, target: TARGET, ...more });
const patch = (id: string, body: object, query = '') =>
  instance.call<Webhook>('PATCH', `/webhooks/${id}${query}`, body);
const stored = async (more: object = {}): Promise<string> =>
  (await create({ secret: 'old', triggers: ['OPT_IN'], ...more })).body.id;

describe('webhooks', () => {
  it('are created, read, listed all at once, and deleted with an empty answer', async () => {
    const { status, body } = await create({ secret: 'in clear', triggers: ['OPT_OUT'] });
    expect(status).toBe(200);
    expect(body.id).toMatch(WIRE_ID);
    expect((await instance.call('GET', `/webhooks/${body.id}`)).body).toEqual(body);
    expect((await instance.call('GET', `/apps/${appId}/webhooks`)).body).toEqual({ webhooks: [body] });
    expect(await instance.call('DELETE', `/webhooks/${body.id}`)).toMatchObject({ status: 200, body: {} });
    expect((await instance.call('GET', `/apps/${appId}/webhooks`)).body).toEqual({ webhooks: [] });
    expectError(await instance.call('GET', `/webhooks/${body.id}`), 404, 'NOT_FOUND');
  });

  it('cannot be created on the path of an app: 501', async () => {
    expectError(await instance.call('POST', `/apps/${appId}/webhooks`, {}), 501, 'UNIMPLEMENTED');
  });

  it('always have all seven keys, a secret in clear and null for no credentials', async () => {
    const bare = (await create()).body;
    expect(Object.keys(bare)).toEqual(KEYS);
    expect(bare).toMatchObject({
      app_id: appId,
      target: TARGET,
      secret: '',
      triggers: [],
      client_credentials: null,
    });
    const full = (await create({ target: `${TARGET}/2`, secret: 'in clear', triggers: ['OPT_OUT'] })).body;
    expect(full).toMatchObject({ secret: 'in clear' });
  });

  it('take credentials with all their fields, BASIC unless told', async () => {
    const needed = { client_id: 'me', client_secret: 'mine', endpoint: 'http://127.0.0.1:9/token' };
    const full = {
      ...needed,
      scope: 's'.repeat(1_024),
      response_type: 'r'.repeat(64),
      token_request_type: 'FORM',
    };
    expect((await create({ client_credentials: full })).body).toMatchObject({ client_credentials: full });
    expect((await create({ target: `${TARGET}/2`, client_credentials: needed })).body).toMatchObject({
      client_credentials: { ...needed, token_request_type: 'BASIC' },
    });
    const tooLong = { ...needed, response_type: 'r'.repeat(65) };
    expectError(
      await create({ target: `${TARGET}/3`, client_credentials: tooLong }),
      400,
      'INVALID_ARGUMENT',
      'response_type',
    );
  });

  it('take every trigger that is listed anywhere, and not the unspecified one', async () => {
    expect((await create({ triggers: TRIGGERS })).body).toMatchObject({ triggers: TRIGGERS });
    const answer = await create({ target: `${TARGET}/2`, triggers: ['UNSPECIFIED_TRIGGER'] });
    expectError(answer, 400, 'INVALID_ARGUMENT', 'triggers');
  });

  it('take a target of 742 characters and none of 743', async () => {
    const target = `${TARGET}/`.padEnd(742, 'x');
    expect((await create({ target })).body).toMatchObject({ target });
    expectError(await create({ target: `${target}x` }), 400, 'INVALID_ARGUMENT', 'target');
  });

  it.each([
    'us.conversation.api.sinch.com',
    'conversation-api.eu.sinch.com',
    'eu.conversation-api.prod.sinch.com',
  ])('do not call %s', async (host) => {
    expectError(await create({ target: `https://${host}/x` }), 400, 'INVALID_ARGUMENT', 'target');
  });

  it('each have a target of their own within their app', async () => {
    const first = await stored();
    expectError(await create(), 400, 'INVALID_ARGUMENT', 'target');
    const second = await stored({ target: `${TARGET}/2` });
    expectError(await patch(second, { target: TARGET }), 400, 'INVALID_ARGUMENT', 'target');
    // One client sends the target with every change.
    expect((await patch(first, { target: TARGET, triggers: ['OPT_OUT'] })).status).toBe(200);
    appId = await wire.newApp();
    expect((await create()).status).toBe(200);
  });

  it('are five at most: the sixth answers 400 FAILED_PRECONDITION', async () => {
    for (let one = 1; one <= 5; one++)
      expect((await create({ target: `${TARGET}/${String(one)}` })).status).toBe(200);
    expectError(await create({ target: `${TARGET}/6` }), 400, 'FAILED_PRECONDITION');
  });

  it.each([
    ['?update_mask=triggers,secret', {}],
    ['?update_mask.paths=triggers&update_mask.paths=secret', {}],
    ['?update_mask=triggers&update_mask=secret', {}],
    ['', { update_mask: 'triggers,secret' }],
    ['', { update_mask: ['triggers', 'secret'] }],
    ['', { update_mask: { paths: ['triggers', 'secret'] } }],
  ])('change in what a mask names: %s %j', async (query, more) => {
    const id = await stored();
    const { body } = await patch(
      id,
      { target: `${TARGET}/new`, secret: 'new', triggers: ['OPT_OUT'], ...more },
      query,
    );
    expect(body).toMatchObject({ target: TARGET, secret: 'new', triggers: ['OPT_OUT'] });
  });

  it('change without a mask in the keys that are present, and stay HTTP', async () => {
    const { body } = await patch(await stored(), { target: `${TARGET}/new`, triggers: ['OPT_OUT'] });
    expect(body).toMatchObject({
      target: `${TARGET}/new`,
      target_type: 'HTTP',
      secret: 'old',
      triggers: ['OPT_OUT'],
    });
  });

  it('are HTTP unless told, and silent when DISMISS', async () => {
    const receiver = await startWebhookReceiver();
    await registerWebhook(instance, `${receiver.url}/loud`, { app_id: appId, target_type: undefined });
    await registerWebhook(instance, `${receiver.url}/muted`, { app_id: appId, target_type: 'DISMISS' });
    const { body } = await instance.call<{ webhooks: Webhook[] }>('GET', `/apps/${appId}/webhooks`);
    expect(body.webhooks.map(({ target_type: type }) => type)).toEqual(['HTTP', 'DISMISS']);
    await inbound(instance, '46700800001', 'STOP', { appId });
    await waitFor('the opt-out at the loud one', () =>
      receiver.requests.map(toCallback).some(({ kind }) => kind === 'opt_out_notification'),
    );
    await inbound(instance, '46700800001', 'START', { appId });
    await waitFor('the opt-in at the loud one', () =>
      receiver.requests.map(toCallback).some(({ kind }) => kind === 'opt_in_notification'),
    );
    expect(new Set(receiver.requests.map(({ path }) => path))).toEqual(new Set(['/loud']));
    await receiver.close();
  });
});

import { RequestFailedError, type Conversation, type SinchClient } from '@sinch/sdk-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startInstance, type Instance } from '../support/instance/instance.js';
import { startRecordingProxy, type RecordingProxy } from '../support/stand-ins/recording-proxy.js';
import { sinchClient } from '../support/http/sdk.js';

const SMS: Conversation.ConversationChannelCredentialRequest = {
  channel: 'SMS',
  static_bearer: { claimed_identity: '12025550100', token: 'token-of-the-plan' },
};

let instance: Instance;
let proxy: RecordingProxy;
let client: SinchClient;

beforeAll(async () => {
  instance = await startInstance({ temporal: 'shared' });
  proxy = await startRecordingProxy(instance.url);
  client = sinchClient(instance, proxy.url);
});

afterAll(async () => {
  await proxy.close();
  await instance.stop();
});

const lastRequest = () => {
  const { method, path, body, headers } = proxy.exchanges.at(-1) ?? {};
  return { method, path, body, contentType: headers?.['content-type'] };
};
const statusOf = async (call: Promise<unknown>): Promise<number> => {
  const error: unknown = await call.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  return error instanceof RequestFailedError ? error.statusCode : 0;
};
const newApp = async (displayName: string): Promise<string> => {
  const created = await client.conversation.app.create({
    appCreateRequestBody: { display_name: displayName, channel_credentials: [SMS] },
  });
  return created.id ?? '';
};

describe('apps by the SDK', () => {
  it('are created, listed, read, changed and deleted', async () => {
    const { app } = client.conversation;
    const created = await app.create({
      appCreateRequestBody: {
        display_name: 'Shop',
        channel_credentials: [SMS],
        processing_mode: 'DISPATCH',
        callback_settings: { secret_for_overridden_callback_urls: 'of the callback urls' },
      },
    });
    expect(created).toMatchObject({
      display_name: 'Shop',
      processing_mode: 'DISPATCH',
      rate_limits: { inbound: 0, outbound: 0, webhooks: 0 },
    });
    const id = created.id ?? '';
    expect(id).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/u);
    expect(await app.get({ app_id: id })).toEqual(created);
    expect((await app.list({})).apps?.map((one) => one.id)).toEqual([instance.appId, id]);
    expect(await app.delete({ app_id: id })).toEqual({});
    // No body, yet a JSON content type: the client always sends it.
    expect(lastRequest()).toMatchObject({ method: 'DELETE', body: '', contentType: 'application/json' });
    expect(await statusOf(app.get({ app_id: id }))).toBe(404);
    expect((await app.list({})).apps?.map((one) => one.id)).toEqual([instance.appId]);
  });

  it('change in what the mask names and in nothing else', async () => {
    const { app } = client.conversation;
    const id = await newApp('Before');
    const changed = await app.update({
      app_id: id,
      update_mask: ['display_name'],
      appUpdateRequestBody: { display_name: 'After', processing_mode: 'CONVERSATION' },
    });
    expect(lastRequest().path).toBe(`/v1/projects/${instance.projectId}/apps/${id}?update_mask=display_name`);
    expect(changed).toMatchObject({ display_name: 'After', processing_mode: 'DISPATCH' });
    const both = await app.update({
      app_id: id,
      update_mask: ['display_name', 'processing_mode'],
      appUpdateRequestBody: { display_name: 'Again', processing_mode: 'CONVERSATION' },
    });
    expect(both).toMatchObject({ display_name: 'Again', processing_mode: 'CONVERSATION' });
  });

  it('change without a mask in the keys that are present', async () => {
    const id = await newApp('Before');
    const changed = await client.conversation.app.update({
      app_id: id,
      appUpdateRequestBody: { display_name: 'After' },
    });
    expect(changed.display_name).toBe('After');
    expect(changed.channel_credentials).toMatchObject([{ channel: 'SMS' }]);
  });

  it('keep their credentials when they come back as they were shown', async () => {
    const { app } = client.conversation;
    const id = await newApp('Shop');
    const shown = await app.get({ app_id: id });
    await app.update({
      app_id: id,
      appUpdateRequestBody: { channel_credentials: shown.channel_credentials ?? [] },
    });
    expect(await app.get({ app_id: id })).toEqual(shown);
  });
});

describe('webhooks by the SDK', () => {
  const target = 'http://127.0.0.1:9/hook';

  it('are created, listed, read, changed and deleted', async () => {
    const { webhooks } = client.conversation;
    const appId = await newApp('Hooked');
    const created = await webhooks.create({
      webhookCreateRequestBody: {
        app_id: appId,
        target,
        target_type: 'HTTP',
        triggers: ['OPT_IN'],
        secret: 'first',
      },
    });
    expect(lastRequest()).toMatchObject({
      method: 'POST',
      path: `/v1/projects/${instance.projectId}/webhooks`,
    });
    expect(created).toEqual({
      id: created.id,
      app_id: appId,
      target,
      target_type: 'HTTP',
      secret: 'first',
      triggers: ['OPT_IN'],
      client_credentials: null,
    });
    const id = created.id ?? '';
    expect(await webhooks.get({ webhook_id: id })).toEqual(created);
    expect(await webhooks.list({ app_id: appId })).toEqual({ webhooks: [created] });
    expect(await webhooks.delete({ webhook_id: id })).toEqual({});
    expect(lastRequest()).toMatchObject({ method: 'DELETE', body: '', contentType: 'application/json' });
    expect(await webhooks.list({ app_id: appId })).toEqual({ webhooks: [] });
    expect(await statusOf(webhooks.get({ webhook_id: id }))).toBe(404);
  });

  it('change in what the mask names and in nothing else', async () => {
    const { webhooks } = client.conversation;
    const appId = await newApp('Masked');
    const { id = '' } = await webhooks.create({
      webhookCreateRequestBody: { app_id: appId, target, triggers: ['OPT_IN'], secret: 'first' },
    });
    const elsewhere = 'http://127.0.0.1:9/elsewhere';
    const changed = await webhooks.update({
      webhook_id: id,
      update_mask: ['triggers', 'secret'],
      webhookUpdateRequestBody: {
        target: elsewhere,
        triggers: ['OPT_OUT', 'MESSAGE_INBOUND'],
        secret: 'second',
      },
    });
    expect(lastRequest().path).toBe(
      `/v1/projects/${instance.projectId}/webhooks/${id}?update_mask=triggers,secret`,
    );
    expect(changed).toMatchObject({
      target,
      triggers: ['OPT_OUT', 'MESSAGE_INBOUND'],
      secret: 'second',
      target_type: 'HTTP',
    });
    const moved = await webhooks.update({ webhook_id: id, webhookUpdateRequestBody: { target: elsewhere } });
    expect(moved).toMatchObject({
      target: elsewhere,
      triggers: ['OPT_OUT', 'MESSAGE_INBOUND'],
      secret: 'second',
    });
    expect(await webhooks.get({ webhook_id: id })).toEqual(moved);
  });

  it('may be registered for every trigger that the SDK knows', async () => {
    const appId = await newApp('All');
    const triggers: Conversation.WebhookTrigger[] = [
      'MESSAGE_INBOUND', 'MESSAGE_DELIVERY', 'MESSAGE_SUBMIT', 'MESSAGE_INBOUND_SMART_CONVERSATION_REDACTION',
      'EVENT_INBOUND', 'EVENT_DELIVERY', 'CONVERSATION_START', 'CONVERSATION_STOP', 'CONVERSATION_DELETE',
      'CONTACT_CREATE', 'CONTACT_UPDATE', 'CONTACT_DELETE', 'CONTACT_MERGE', 'CONTACT_IDENTITIES_DUPLICATION',
      'CAPABILITY', 'OPT_IN', 'OPT_OUT', 'CHANNEL_EVENT', 'RECORD_NOTIFICATION', 'UNSUPPORTED', 'SMART_CONVERSATIONS',
    ]; // prettier-ignore
    const created = await client.conversation.webhooks.create({
      webhookCreateRequestBody: { app_id: appId, target, triggers },
    });
    expect(created.triggers).toEqual(triggers);
  });

  it('are at most five, each with a target of its own', async () => {
    const { webhooks } = client.conversation;
    const appId = await newApp('Five');
    const create = (number: number) =>
      webhooks.create({ webhookCreateRequestBody: { app_id: appId, target: `${target}/${String(number)}` } });
    await create(1);
    expect(await statusOf(create(1))).toBe(400);
    for (const number of [2, 3, 4, 5]) await create(number);
    expect(await statusOf(create(6))).toBe(400);
    expect((await webhooks.list({ app_id: appId })).webhooks).toHaveLength(5);
  });
});

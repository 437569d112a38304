import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startInstance, type Instance } from '../support/instance/instance.js';
import { inbound, registerWebhook, send, toCallback, type Callback } from '../support/story.js';
import { waitFor } from '../support/wait-for.js';
import { startWebhookReceiver } from '../support/stand-ins/webhook-receiver.js';
import { settled, WIRE_ID, WIRE_TIME, wireOf, type Wire } from '../support/http/wire.js';

const PERSON = '46700900001';
const id = expect.stringMatching(WIRE_ID) as string;
const time = expect.stringMatching(WIRE_TIME) as string;

let instance: Instance;
let wire: Wire;
let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>;
/** Each test has an app of its own, whose callbacks go to a path of its own. */
let appId: string;

beforeAll(async () => {
  receiver = await startWebhookReceiver();
  instance = await startInstance({ temporal: 'shared' });
  wire = wireOf(instance);
});
beforeEach(async () => {
  appId = await wire.newApp();
  await registerWebhook(instance, `${receiver.url}/${appId}`, { app_id: appId });
});
afterAll(async () => {
  await instance.stop();
  await receiver.close();
});

const callbacks = (): Callback[] =>
  receiver.requests.filter(({ path }) => path === `/${appId}`).map(toCallback);
const ofKind = (kind: string): Callback[] => callbacks().filter((one) => one.kind === kind);
const the = (kind: string): Promise<Callback> => waitFor(kind, () => ofKind(kind)[0]);
const write = (text: string) => inbound(instance, `+${PERSON}`, text, { appId });
const sendTo = async (more: object = {}): Promise<string> =>
  (await send(instance, PERSON, undefined, { app_id: appId, ...more })).body.message_id;
const statuses = (): unknown[] => ofKind('message_delivery_report').map(({ payload }) => payload['status']);
const setConsent = (change: object) => instance.call('PATCH', `/apps/${appId}/consent-settings`, change);

describe('every callback', () => {
  it('has the envelope, one payload key and nothing else', async () => {
    await write('STOP');
    await write('START');
    await sendTo();
    await settled(instance);
    const kinds = new Set(callbacks().map(({ kind }) => kind));
    expect(kinds.size).toBe(5);
    for (const { kind, body, raw } of callbacks()) {
      expect(Object.keys(body).toSorted()).toEqual(
        [
          'accepted_time',
          'app_id',
          'correlation_id',
          'event_time',
          kind,
          'message_metadata',
          'project_id',
        ].toSorted(),
      );
      expect(body).toMatchObject({
        app_id: appId,
        project_id: instance.projectId,
        accepted_time: time,
        event_time: time,
      });
      expect(body['message_metadata']).toBeTypeOf('string');
      expect(body['correlation_id']).toBeTypeOf('string');
      expect(raw).toMatchObject({ method: 'POST', headers: { 'content-type': 'application/json' } });
      // Compact, so that a receiver that parsed the body can write it again for the signature.
      expect(JSON.stringify(JSON.parse(raw.body))).toBe(raw.body);
    }
  });

  it('comes once for each webhook that has its trigger', async () => {
    for (const [path, triggers] of [
      ['out', ['OPT_OUT']],
      ['both', ['OPT_OUT', 'OPT_IN']],
      ['none', []],
    ] as const) {
      await registerWebhook(instance, `${receiver.url}/${appId}/${path}`, { app_id: appId, triggers });
    }
    await write('STOP');
    await write('START');
    await settled(instance);
    const at = (path: string): string[] =>
      receiver.requests
        .filter((request) => request.path === `/${appId}/${path}`)
        .map((request) => toCallback(request).kind);
    expect(at('out')).toEqual(['opt_out_notification']);
    expect(at('both').toSorted()).toEqual(['opt_in_notification', 'opt_out_notification']);
    expect(at('none')).toEqual([]);
  });
});

describe('OPT_OUT and OPT_IN', () => {
  it.each([
    ['STOP', 'opt_out_notification', 'OPT_OUT_SUCCEEDED', 'OPT_OUT_ALL'],
    ['STOP MARKETING', 'opt_out_notification', 'OPT_OUT_SUCCEEDED', 'OPT_OUT_MARKETING'],
    ['START NOTIFICATION', 'opt_in_notification', 'OPT_IN_SUCCEEDED', 'OPT_OUT_NOTIFICATION'],
  ])('have the documented keys, the list beside them: %s', async (text, kind, status, list) => {
    await write(text);
    const { payload, body } = await the(kind);
    expect(payload).toEqual({
      request_id: id,
      contact_id: '',
      channel: 'SMS',
      identity: PERSON,
      status,
      processing_mode: 'DISPATCH',
    });
    expect(JSON.parse(String(body['message_metadata']))).toEqual({ list_type: list });
  });

  it.each(['PRIMARY', 'SECONDARY'])('are fired on every match, repeats too, in %s', async (mode) => {
    await setConsent({ mode });
    for (const text of ['STOP', 'STOP', 'START', 'START']) await write(text);
    await settled(instance);
    expect(ofKind('opt_out_notification')).toHaveLength(2);
    expect(ofKind('opt_in_notification')).toHaveLength(2);
    const requests = [...ofKind('opt_out_notification'), ...ofKind('opt_in_notification')];
    expect(new Set(requests.map(({ payload }) => payload['request_id'])).size).toBe(4);
  });

  it('come beside MESSAGE_INBOUND, which is delivered for keywords as well', async () => {
    const { body } = await write('STOP');
    await settled(instance);
    expect(ofKind('message').map(({ payload }) => payload['id'])).toEqual([body.message_id]);
    expect(ofKind('opt_out_notification')).toHaveLength(1);
  });

  it('OPT_OUT is fired for a blocked message, with what its send said', async () => {
    await write('STOP');
    const messageId = await sendTo({ message_metadata: 'mine', correlation_id: 'order 7' });
    await settled(instance);
    const blocked = ofKind('opt_out_notification').find(({ payload }) => payload['request_id'] === messageId);
    expect(blocked?.payload).toMatchObject({ channel: 'SMS', identity: PERSON, status: 'OPT_OUT_SUCCEEDED' });
    expect(blocked?.body).toMatchObject({ message_metadata: 'mine', correlation_id: 'order 7' });
  });

  it('OPT_OUT is not fired for a blocked message where the app says so', async () => {
    await setConsent({ callback_on_block: false });
    await write('STOP');
    await sendTo();
    await settled(instance);
    expect(statuses()).toContain('FAILED');
    expect(ofKind('opt_out_notification')).toHaveLength(1);
  });
});

describe('MESSAGE_INBOUND', () => {
  it('has every key that the clients type', async () => {
    const { body } = await instance.call<{ message_id: string }>('POST', `/apps/${appId}/inbound/generic`, {
      message_id: 'p-1',
      channel: 'WHATSAPP',
      identity: `+${PERSON}`,
      sender: '12025550100',
      text: 'hello',
      metadata: 'theirs',
    });
    const { payload } = await the('message');
    expect(payload).toEqual({
      id: body.message_id,
      direction: 'TO_APP',
      contact_message: { text_message: { text: 'hello' } },
      channel_identity: { channel: 'WHATSAPP', identity: PERSON, app_id: '' },
      conversation_id: '',
      contact_id: '',
      metadata: 'theirs',
      accept_time: time,
      sender_id: '12025550100',
      processing_mode: 'DISPATCH',
      injected: false,
    });
  });

  it('tells of a message without text, which never matches', async () => {
    const message = { message_id: 'p-2', channel: 'MMS', identity: PERSON, sender: '1' };
    const answer = await instance.call('POST', `/apps/${appId}/inbound/generic`, message);
    expect(answer.body).toMatchObject({ matched: null });
    const { payload } = await the('message');
    expect(payload).toMatchObject({
      contact_message: { fallback_message: { reason: { sub_code: 'UNSPECIFIED_SUB_CODE' } } },
    });
  });
});

describe('MESSAGE_SUBMIT and MESSAGE_DELIVERY', () => {
  const shared = (messageId: string) => ({
    message_id: messageId,
    conversation_id: '',
    channel_identity: { channel: 'SMS', identity: PERSON, app_id: '' },
    contact_id: '',
    metadata: 'mine',
    processing_mode: 'DISPATCH',
  });

  it('SUBMIT holds the content itself', async () => {
    const messageId = await sendTo({ message_metadata: 'mine', correlation_id: 'order 7' });
    const { payload, body } = await the('message_submit_notification');
    expect(payload).toEqual({ ...shared(messageId), submitted_message: { text_message: { text: 'hello' } } });
    expect(body).toMatchObject({ message_metadata: '', correlation_id: 'order 7' });
  });

  it('DELIVERY tells QUEUED_ON_CHANNEL and DELIVERED, without a reason', async () => {
    const messageId = await sendTo({ message_metadata: 'mine', correlation_id: 'order 7' });
    await settled(instance);
    expect(statuses().toSorted()).toEqual(['DELIVERED', 'QUEUED_ON_CHANNEL']);
    for (const { payload, body } of ofKind('message_delivery_report')) {
      expect(payload).toEqual({ ...shared(messageId), status: payload['status'] });
      expect(body).toMatchObject({ message_metadata: '', correlation_id: 'order 7' });
    }
  });

  it('DELIVERY tells of a blocked message with the code and the list; nothing else tells of it', async () => {
    await write('STOP MARKETING');
    await settled(instance);
    const messageId = await sendTo({ message_content_type: 'CONTENT_MARKETING', message_metadata: 'mine' });
    await settled(instance);
    const about = callbacks().filter(({ payload }) => payload['message_id'] === messageId);
    expect(about.map(({ payload }) => payload)).toEqual([
      {
        ...shared(messageId),
        status: 'FAILED',
        reason: {
          code: 'RECIPIENT_NOT_OPTED_IN',
          description: expect.stringContaining('OPT_OUT_MARKETING') as string,
          sub_code: 'UNSPECIFIED_SUB_CODE',
        },
      },
    ]);
  });

  it('DELIVERY tells of a channel that the app does not have, though the send was taken', async () => {
    const channels = [{ channel: 'RCS', identity: PERSON }];
    await sendTo({ recipient: { identified_by: { channel_identities: channels } } });
    await settled(instance);
    expect(callbacks().map(({ payload }) => payload)).toMatchObject([
      {
        status: 'FAILED',
        channel_identity: { channel: 'RCS' },
        reason: { code: 'CHANNEL_CONFIGURATION_MISSING' },
      },
    ]);
  });

  it('DELIVERY tells READ where a gateway says so', async () => {
    const messageId = await sendTo();
    await settled(instance);
    await instance.call('POST', `/apps/${appId}/receipts/generic`, { message_id: messageId, status: 'READ' });
    await settled(instance);
    expect(statuses()).toContain('READ');
  });
});

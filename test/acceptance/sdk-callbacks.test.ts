import { ConversationCallbackWebhooks, type SinchClient } from '@sinch/sdk-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startInstance, type Instance } from '../support/instance/instance.js';
import type { Received } from '../support/stand-ins/scripted-server.js';
import { sinchClient, triggerBySdk, validateBySdk } from '../support/http/sdk.js';
import { inbound, registerWebhook, toCallback, type Callback } from '../support/story.js';
import { waitFor } from '../support/wait-for.js';
import { startWebhookReceiver } from '../support/stand-ins/webhook-receiver.js';

const SECRET = 'gräns & "citat" of the receiver';
const OVERRIDE_SECRET = 'of the callback urls';
const PERSON = '46700200001';
/** Nothing that JSON, HTTP or a signature could trip over is left out. */
const TEXT = 'naïve “quote” \\ / \u2028 \u0007 \t 📱 <b>&amp;</b> ü';

let instance: Instance;
let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>;
let client: SinchClient;

const received = (path: string): Received[] => receiver.requests.filter((request) => request.path === path);
const callback = (
  path: string,
  trigger: string,
  where: (one: Callback) => boolean = () => true,
): Promise<Callback> =>
  waitFor(`${trigger} at ${path}`, () =>
    received(path)
      .filter(({ body }) => triggerBySdk(body) === trigger)
      .map(toCallback)
      .find(where),
  );
const send = async (more: object = {}): Promise<string> => {
  const { message_id: id = '' } = await client.conversation.messages.send({
    sendMessageRequestBody: {
      app_id: instance.appId,
      recipient: { identified_by: { channel_identities: [{ channel: 'SMS', identity: `+${PERSON}` }] } },
      message: { text_message: { text: TEXT } },
      message_metadata: TEXT,
      correlation_id: 'order-7',
      ...more,
    },
  });
  return id;
};

beforeAll(async () => {
  receiver = await startWebhookReceiver();
  instance = await startInstance({ temporal: 'shared' });
  client = sinchClient(instance);
  await registerWebhook(instance, `${receiver.url}/signed`, { secret: SECRET });
  await registerWebhook(instance, `${receiver.url}/unsigned`, {});
  await client.conversation.app.update({
    app_id: instance.appId,
    update_mask: ['callback_settings'],
    appUpdateRequestBody: { callback_settings: { secret_for_overridden_callback_urls: OVERRIDE_SECRET } },
  });
});

afterAll(async () => {
  await instance.stop();
  await receiver.close();
});

describe('callbacks as the SDK takes them', () => {
  it('tell of an inbound message', async () => {
    await inbound(instance, PERSON, TEXT);
    const { payload } = await callback('/signed', 'MESSAGE_INBOUND');
    expect(payload).toMatchObject({
      direction: 'TO_APP',
      contact_message: { text_message: { text: TEXT } },
      channel_identity: { channel: 'SMS', identity: PERSON },
      sender_id: '12025550100',
    });
  });

  it('tell of a message that is sent, submitted and delivered', async () => {
    const id = await send();
    const submitted = await callback(
      '/signed',
      'MESSAGE_SUBMIT',
      ({ payload }) => payload['message_id'] === id,
    );
    expect(submitted.payload).toMatchObject({
      submitted_message: { text_message: { text: TEXT } },
      metadata: TEXT,
    });
    expect(submitted.body).toMatchObject({ correlation_id: 'order-7' });
    for (const status of ['QUEUED_ON_CHANNEL', 'DELIVERED']) {
      const report = await callback(
        '/signed',
        'MESSAGE_DELIVERY',
        ({ payload }) => payload['message_id'] === id && payload['status'] === status,
      );
      expect(report.payload).toMatchObject({ metadata: TEXT });
    }
  });

  it('tell of an opt-out and of an opt-in', async () => {
    await inbound(instance, PERSON, 'STOP');
    const optOut = await callback('/signed', 'OPT_OUT');
    expect(optOut.payload).toMatchObject({ identity: PERSON, status: 'OPT_OUT_SUCCEEDED' });
    await inbound(instance, PERSON, 'START');
    const optIn = await callback('/signed', 'OPT_IN');
    expect(optIn.payload).toMatchObject({ identity: PERSON, status: 'OPT_IN_SUCCEEDED' });
  });

  it('go to the callback_url of a message, signed with the secret of the app', async () => {
    const id = await send({ callback_url: `${receiver.url}/override` });
    const { raw } = await callback(
      '/override',
      'MESSAGE_DELIVERY',
      ({ payload }) => payload['status'] === 'DELIVERED',
    );
    expect(validateBySdk(OVERRIDE_SECRET, raw)).toEqual({ raw: true, parsed: true });
    expect(validateBySdk(SECRET, raw)).toEqual({ raw: false, parsed: false });
    // It takes the place of the webhooks for delivery receipts, and for nothing else.
    await callback('/signed', 'MESSAGE_SUBMIT', ({ payload }) => payload['message_id'] === id);
    const receipts = received('/signed')
      .map(toCallback)
      .filter(({ kind }) => kind === 'message_delivery_report');
    expect(receipts.filter(({ payload }) => payload['message_id'] === id)).toEqual([]);
  });

  it('carry a signature that holds for every one, raw and parsed', () => {
    const signed = received('/signed');
    expect(new Set(signed.map(({ body }) => triggerBySdk(body)))).toEqual(
      new Set(['MESSAGE_INBOUND', 'MESSAGE_SUBMIT', 'MESSAGE_DELIVERY', 'OPT_OUT', 'OPT_IN']),
    );
    for (const request of signed) expect(validateBySdk(SECRET, request)).toEqual({ raw: true, parsed: true });
  });

  it('are refused with a wrong secret and with any altered byte', () => {
    for (const request of received('/signed')) {
      expect(validateBySdk(`${SECRET} `, request)).toEqual({ raw: false, parsed: false });
      expect(validateBySdk('', request)).toEqual({ raw: false, parsed: false });
      const { headers, body } = request;
      for (let at = 0; at < body.length; at += 7) {
        const altered = `${body.slice(0, at)}${body[at] === 'x' ? 'y' : 'x'}${body.slice(at + 1)}`;
        const validator = new ConversationCallbackWebhooks(SECRET);
        expect(validator.validateAuthenticationHeader(headers, altered)).toBe(false);
      }
      for (const name of ['', '-nonce', '-timestamp'].map((part) => `x-sinch-webhook-signature${part}`)) {
        const changed = { ...headers, [name]: `${headers[name] ?? ''}0` };
        expect(validateBySdk(SECRET, { headers: changed, body })).toEqual({ raw: false, parsed: false });
      }
    }
  });

  it('are the same bytes for a receiver without a secret, unsigned', async () => {
    await waitFor('as many', () => received('/unsigned').length >= received('/signed').length);
    const bodies = (path: string): string[] =>
      received(path)
        .map(({ body }) => body)
        .toSorted();
    expect(bodies('/unsigned')).toEqual(bodies('/signed'));
    for (const { headers } of received('/unsigned'))
      expect(headers).not.toHaveProperty('x-sinch-webhook-signature');
  });
});

import { ConversationCallbackWebhooks } from '@sinch/sdk-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startInstance, type Instance } from '../support/instance/instance.js';
import {
  inbound,
  listed,
  phone,
  registerWebhook,
  send,
  toCallback,
  type Callback,
} from '../support/story.js';
import { waitFor } from '../support/wait-for.js';
import { startWebhookReceiver } from '../support/stand-ins/webhook-receiver.js';

const SECRET = 'a secret of the receiver';
const PERSON = '46700000001';

let instance: Instance;
let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>;

const callbacks = (): Callback[] => receiver.requests.map(toCallback);
const callback = (kind: string, where: (one: Callback) => boolean = () => true): Promise<Callback> =>
  waitFor(`callback ${kind}`, () => callbacks().find((one) => one.kind === kind && where(one)));

beforeAll(async () => {
  receiver = await startWebhookReceiver();
  instance = await startInstance({ temporal: 'shared' });
  await registerWebhook(instance, `${receiver.url}/hook`, { secret: SECRET });
});

afterAll(async () => {
  await instance.stop();
  await receiver.close();
});

describe('one STOP', () => {
  it('changes the list as soon as it is acknowledged', async () => {
    const answer = await inbound(instance, PERSON, ' stop ');
    expect(answer.status).toBe(200);
    expect(answer.body.matched).toEqual({ list_type: 'OPT_OUT_ALL', direction: 'OPT_OUT', language: 'EN' });
    expect(await listed(instance, 'OPT_OUT_ALL')).toEqual([PERSON]);
  });

  it('gets its reply', async () => {
    const reply = await waitFor('the reply', async () => (await phone(instance)).at(0));
    expect(reply).toMatchObject({
      identity: PERSON,
      kind: 'REPLY',
      text: 'Your request to leave has been accomplished.',
    });
  });

  it('reaches the webhook, signed', async () => {
    const optOut = await callback('opt_out_notification');
    expect(optOut.payload).toMatchObject({ channel: 'SMS', identity: PERSON, status: 'OPT_OUT_SUCCEEDED' });
    await callback('message');
    await callback('message_submit_notification');
    await callback('message_delivery_report', ({ payload }) => payload['status'] === 'DELIVERED');
    const validator = new ConversationCallbackWebhooks(SECRET);
    for (const { raw } of callbacks()) {
      expect(validator.validateAuthenticationHeader(raw.headers, raw.body)).toBe(true);
    }
  });

  it('blocks the next message', async () => {
    const sent = await send(instance, PERSON, 'CONTENT_MARKETING');
    expect(sent.status).toBe(200);
    const report = await callback(
      'message_delivery_report',
      ({ payload }) => payload['message_id'] === sent.body.message_id,
    );
    expect(report.payload).toMatchObject({ status: 'FAILED', reason: { code: 'RECIPIENT_NOT_OPTED_IN' } });
    await callback('opt_out_notification', ({ payload }) => payload['request_id'] === sent.body.message_id);
    expect((await phone(instance)).map(({ kind }) => kind)).toEqual(['REPLY']);
  });

  it('lets the next message through after START', async () => {
    await inbound(instance, PERSON, 'START');
    const sent = await send(instance, PERSON, 'CONTENT_MARKETING');
    await callback(
      'message_delivery_report',
      ({ payload }) => payload['message_id'] === sent.body.message_id && payload['status'] === 'DELIVERED',
    );
    expect(await listed(instance, 'OPT_OUT_ALL')).toEqual([]);
  });
});

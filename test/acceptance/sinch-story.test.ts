import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startInstance, type Instance } from '../support/instance/instance.js';
import { nothingOwed } from '../support/metrics.js';
import { receiptOf, startSinchStandIn, type SinchStandIn } from '../support/sinch/sinch-stand-in.js';
import { newSinchApp, reported, statusesOf, type SinchApp } from '../worlds/sinch-world.js';
import { listed, send } from '../support/story.js';
import { startWebhookReceiver } from '../support/stand-ins/webhook-receiver.js';

// A company's numbers are at Sinch: a STOP comes in from there, its reply leaves through it, the next message does not.

let standIn: SinchStandIn;
let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>;
let instance: Instance;
let app: SinchApp;

beforeAll(async () => {
  standIn = await startSinchStandIn();
  receiver = await startWebhookReceiver();
  instance = await startInstance({ temporal: 'shared' });
  app = await newSinchApp({ instance, standIn, receiver });
});
afterAll(async () => {
  await instance.stop();
  await standIn.close();
  await receiver.close();
});

const sendTyped = (type: string) => send(instance, app.person, type, { app_id: app.appId });

describe('one STOP through Sinch', () => {
  it('is on the list as soon as Sinch has its 200, and told to the webhook', async () => {
    expect(await standIn.post(app, app.say('in-1', 'Stop'))).toEqual({
      status: 200,
      body: { result: 'recorded' },
    });
    expect(await listed(instance, 'OPT_OUT_ALL', app.appId)).toEqual([app.person]);
    expect((await app.callback('opt_out_notification')).payload).toMatchObject({
      ...{ channel: 'SMS', identity: app.person, status: 'OPT_OUT_SUCCEEDED' },
    });
    expect((await app.callback('message')).payload).toMatchObject({ sender_id: '12025550100' });
  });

  it('gets its reply through Sinch, from the number that was written to, untyped', async () => {
    const [reply] = await app.sent(1);
    expect(reply).toMatchObject({
      status: 200,
      body: {
        app_id: app.sinchAppId,
        recipient: { identified_by: { channel_identities: [{ channel: 'SMS', identity: app.person }] } },
        message: { text_message: { text: 'Your request to leave has been accomplished.' } },
        channel_properties: { SMS_SENDER: '12025550100' },
      },
    });
    expect(reply?.body).not.toHaveProperty('message_content_type');
  });

  it('gets the receipts of the reply as callbacks of ours, under our id', async () => {
    const [reply] = standIn.sends(app);
    const id = String(reply?.body['message_metadata']);
    expect((await app.callback('message_submit_notification')).payload).toMatchObject({ message_id: id });
    for (const status of ['QUEUED_ON_CHANNEL', 'DELIVERED']) {
      expect((await standIn.post(app, receiptOf(reply, status))).body).toEqual({ result: 'recorded' });
      await reported(app, id, status);
    }
  });

  it('blocks what is sent afterwards: Sinch never sees it', async () => {
    const blocked = await sendTyped('CONTENT_MARKETING');
    const report = await reported(app, blocked.body.message_id, 'FAILED');
    expect(report.payload['reason']).toMatchObject({ code: 'RECIPIENT_NOT_OPTED_IN' });
    await nothingOwed(instance, 20_000);
    expect(standIn.sends(app)).toHaveLength(1);
    expect(statusesOf(app, blocked.body.message_id)).toEqual(['FAILED']);
  });

  it('is over with a START: the next message leaves, and its receipts come back', async () => {
    await standIn.post(app, app.say('in-2', 'START'));
    const sent = await sendTyped('CONTENT_MARKETING');
    const sends = await app.sent(3);
    const message = sends.find(({ body }) => body['message_metadata'] === sent.body.message_id);
    expect(message?.body).toMatchObject({ message_content_type: 'CONTENT_MARKETING' });
    await standIn.post(app, receiptOf(message, 'DELIVERED'));
    await reported(app, sent.body.message_id, 'DELIVERED');
    expect(await listed(instance, 'OPT_OUT_ALL', app.appId)).toEqual([]);
  });

  it('leaves no secret, person or text in what the process wrote', () => {
    for (const secret of [app.secret, standIn.keySecret, app.person, 'accomplished']) {
      expect(instance.output()).not.toContain(secret);
    }
  });
});

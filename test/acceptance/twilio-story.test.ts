import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '../../bin/machine/free-ports.js';
import { startInstance, type Instance } from '../support/instance/instance.js';
import { listed, registerWebhook, send, toCallback, type Callback } from '../support/story.js';
import { startTwilioStandIn, type TwilioStandIn } from '../support/twilio/twilio-stand-in.js';
import { waitFor } from '../support/wait-for.js';
import { startWebhookReceiver } from '../support/stand-ins/webhook-receiver.js';

// A company's number is at Twilio: a STOP comes in from there, its reply leaves through it, the next message does not.

const PERSON = '12025550101';
const NUMBER = '+12025550100';
const TOKEN = 'a-token-of-the-account';

let instance: Instance;
let twilio: TwilioStandIn;
let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>;

beforeAll(async () => {
  const [port = 0] = await freePorts(1, '127.0.0.1');
  const publicUrl = `http://127.0.0.1:${String(port)}`;
  receiver = await startWebhookReceiver();
  instance = await startInstance({
    temporal: 'shared',
    environment: { PORT: String(port), PUBLIC_URL: publicUrl },
  });
  const webhook = `${publicUrl}${instance.base}/apps/${instance.appId}/inbound/twilio`;
  twilio = await startTwilioStandIn({ webhook: () => webhook });
  twilio.reports = ['queued', 'sent', 'delivered'];
  await registerWebhook(instance, `${receiver.url}/hook`);
  const settings = await instance.call('PATCH', `/apps/${instance.appId}/channel-settings`, {
    ...{ type: 'twilio', account_sid: twilio.accountSid, auth_token: TOKEN, base_url: twilio.url },
  });
  expect(settings.status).toBe(200);
});
afterAll(async () => {
  await instance.stop();
  await twilio.close();
  await receiver.close();
});

const callbacks = (): Callback[] => receiver.requests.map(toCallback);
const statuses = (messageId: unknown): unknown[] =>
  callbacks()
    .filter(({ kind, payload }) => kind === 'message_delivery_report' && payload['message_id'] === messageId)
    .map(({ payload }) => payload['status']);
const sendFrom = (contentType: string) =>
  send(instance, PERSON, contentType, { channel_properties: { SMS_SENDER: NUMBER } });

describe('a number at Twilio', () => {
  it('takes a STOP: the list holds it, and Twilio is told to say nothing itself', async () => {
    const answer = await twilio.receive('inbound-sms', { From: `+${PERSON}`, To: NUMBER, Body: 'Stop' });
    expect(answer).toMatchObject({ status: 200, text: '<?xml version="1.0" encoding="UTF-8"?><Response/>' });
    expect(await listed(instance, 'OPT_OUT_ALL')).toEqual([PERSON]);
  });

  it('sends the reply through Twilio, whose receipts come back as MESSAGE_DELIVERY', async () => {
    const reply = await waitFor('the reply', () => twilio.messages.at(0));
    expect(reply.form).toMatchObject({
      To: `+${PERSON}`,
      From: NUMBER,
      Body: 'Your request to leave has been accomplished.',
    });
    const messageId = new URL(reply.form['StatusCallback'] ?? '').searchParams.get('message_id');
    await waitFor('its receipt', () => statuses(messageId).includes('DELIVERED'));
    expect(statuses(messageId).toSorted()).toEqual(['DELIVERED', 'QUEUED_ON_CHANNEL']);
  });

  it('blocks the next marketing message: Twilio is never called', async () => {
    const calls = twilio.calls;
    const sent = await sendFrom('CONTENT_MARKETING');
    await waitFor('the block', () => statuses(sent.body.message_id).includes('FAILED'));
    expect(statuses(sent.body.message_id)).toEqual(['FAILED']);
    expect(twilio.calls).toBe(calls);
  });

  it('lets it through after START', async () => {
    await twilio.receive('inbound-sms', { From: `+${PERSON}`, To: NUMBER, Body: 'START' });
    const sent = await sendFrom('CONTENT_MARKETING');
    await waitFor('its receipt', () => statuses(sent.body.message_id).includes('DELIVERED'));
    expect(twilio.messages.filter(({ form }) => form['Body'] === 'hello')).toHaveLength(1);
    expect(await listed(instance, 'OPT_OUT_ALL')).toEqual([]);
  });

  it('writes no number, text or token', () => {
    expect(instance.output()).not.toMatch(/2025550101|a-token-of/u);
  });
});

import { expect } from 'vitest';
import { nothingOwed } from '../metrics.js';
import type { SinchCase } from './sinch-cases-callbacks.js';
import { receiptOf, type SendStep, type StandInSend } from './sinch-stand-in.js';
import { reported, statusesOf, type SinchApp, type SinchWorld } from '../../worlds/sinch-world.js';
import { send } from '../story.js';

/** Sends to the app's person. @returns our message id */
async function sendTo({ instance }: SinchWorld, app: SinchApp, more: object = {}): Promise<string> {
  const answer = await send(instance, app.person, 'CONTENT_MARKETING', { app_id: app.appId, ...more });
  expect(answer.status).toBe(200);
  return answer.body.message_id;
}

/** Posts a receipt for a send. */
const receipt = async (
  { standIn }: SinchWorld,
  app: SinchApp,
  of: StandInSend | undefined,
  status: string,
  more = {},
) => (await standIn.post(app, receiptOf(of, status, more))).body;

async function failedAs(app: SinchApp, messageId: string, code: string): Promise<void> {
  const report = await reported(app, messageId, 'FAILED');
  expect(report.payload['reason']).toMatchObject({ code });
}

const retried = (name: string, step: SendStep, leastMs: number): SinchCase => ({
  name,
  outcome: `is tried again after ${String(leastMs)} ms or more, and arrives`,
  async run(world, app) {
    world.standIn.script(app, step);
    const id = await sendTo(world, app);
    const [first, second] = await app.sent(2);
    expect((second?.arrivedAt ?? 0) - (first?.arrivedAt ?? 0)).toBeGreaterThanOrEqual(leastMs);
    await receipt(world, app, second, 'DELIVERED');
    await reported(app, id, 'DELIVERED');
    expect(world.standIn.sends(app)).toHaveLength(2);
  },
});

const fails = (name: string, step: SendStep, code: string): SinchCase => ({
  name,
  outcome: `FAILED ${code} after one call`,
  async run(world, app) {
    world.standIn.script(app, step);
    await failedAs(app, await sendTo(world, app), code);
    await nothingOwed(world.instance, 20_000);
    expect(world.standIn.sends(app)).toHaveLength(1);
  },
});

/** Receipts in the order in which they come → what the customer is told. */
const receipts = (name: string, come: readonly string[], told: readonly string[]): SinchCase => ({
  name,
  outcome: told.join(', '),
  async run(world, app) {
    const id = await sendTo(world, app);
    const [sent] = await app.sent(1);
    await app.callback('message_submit_notification');
    for (const status of come)
      await receipt(world, app, sent, status, { reason: { code: 'CHANNEL_FAILURE' } });
    await nothingOwed(world.instance, 20_000);
    // Callbacks of one message may overtake each other; what is told is a set.
    expect(statusesOf(app, id).toSorted()).toEqual(told.toSorted());
  },
});

const settings = ({ instance }: SinchWorld, app: SinchApp, patch: object) =>
  instance.call('PATCH', `/apps/${app.appId}/channel-settings`, patch);

export const SENDING_CASES: readonly SinchCase[] = [
  receipts(
    'receipts in order',
    ['QUEUED_ON_CHANNEL', 'DELIVERED', 'READ'],
    ['QUEUED_ON_CHANNEL', 'DELIVERED', 'READ'],
  ),
  receipts('receipts in reverse', ['READ', 'DELIVERED', 'QUEUED_ON_CHANNEL'], ['READ']),
  receipts('DELIVERED before QUEUED_ON_CHANNEL', ['DELIVERED', 'QUEUED_ON_CHANNEL'], ['DELIVERED']),
  receipts('each receipt twice', ['DELIVERED', 'DELIVERED', 'READ', 'READ'], ['DELIVERED', 'READ']),
  receipts('FAILED after DELIVERED', ['DELIVERED', 'FAILED'], ['DELIVERED']),
  receipts('SWITCHING_CHANNEL on the way', ['SWITCHING_CHANNEL', 'DELIVERED'], ['DELIVERED']),
  receipts('a status that nobody knows yet', ['TELEPORTED', 'FAILED'], ['FAILED']),
  {
    name: 'a receipt that overtakes the answer to the send',
    outcome: 'is told, and so is the submission',
    async run(world, app) {
      world.standIn.script(app, { before: ['DELIVERED'], delayMs: 500 });
      await reported(app, await sendTo(world, app), 'DELIVERED');
      await app.callback('message_submit_notification');
      expect(world.standIn.sends(app)).toHaveLength(1);
    },
  },
  {
    name: 'a receipt that failed for a reason of its own',
    outcome: 'FAILED CHANNEL_FAILURE',
    async run(world, app) {
      const id = await sendTo(world, app);
      const [sent] = await app.sent(1);
      await receipt(world, app, sent, 'FAILED', { reason: { code: 'MOON_PHASE' } });
      await failedAs(app, id, 'CHANNEL_FAILURE');
    },
  },
  {
    name: 'a receipt without our metadata',
    outcome: 'is known by the correlation id',
    async run(world, app) {
      const id = await sendTo(world, app);
      const [sent] = await app.sent(1);
      await receipt(world, app, sent, 'DELIVERED', { metadata: '' });
      await reported(app, id, 'DELIVERED');
    },
  },
  {
    name: 'a receipt without metadata and correlation id',
    outcome: 'is known by the id that Sinch gave when it took the message',
    async run(world, app) {
      const id = await sendTo(world, app);
      const [sent] = await app.sent(1);
      await app.callback('message_submit_notification');
      const bare = { ...receiptOf(sent, 'DELIVERED', { metadata: '' }), correlation_id: '' };
      expect((await world.standIn.post(app, bare)).body).toEqual({ result: 'recorded' });
      await reported(app, id, 'DELIVERED');
    },
  },
  {
    name: 'a receipt of a message that somebody else sent, or another app of ours',
    outcome: '200, ignored',
    async run(world, app) {
      const strange = {
        app_id: app.sinchAppId,
        message_delivery_report: { message_id: '01SX', status: 'READ' },
      };
      expect((await world.standIn.post(app, strange)).body).toEqual({ result: 'ignored' });
      const ours = await send(world.instance, app.person);
      const body = { ...strange, correlation_id: ours.body.message_id };
      expect((await world.standIn.post(app, body)).body).toEqual({ result: 'ignored' });
    },
  },
  retried('429 with Retry-After', { status: 429, headers: { 'retry-after': '2' } }, 1_990),
  retried(
    '429 with Retry-After as a date',
    { status: 429, headers: { 'retry-after': new Date().toUTCString() } },
    990,
  ),
  retried('429 without Retry-After', { status: 429 }, 990),
  retried('503', { status: 503 }, 990),
  fails('500: it may have been taken', { status: 500 }, 'DELIVERY_TIMED_OUT'),
  fails('502 of a proxy, no JSON', { status: 502, body: '<html>' }, 'DELIVERY_TIMED_OUT'),
  fails(
    'a connection that is cut after the request',
    { reset: 'instead', accept: true },
    'DELIVERY_TIMED_OUT',
  ),
  fails('400', { status: 400 }, 'CHANNEL_REJECT'),
  fails('422', { status: 422 }, 'CHANNEL_REJECT'),
  fails('403', { status: 403 }, 'CHANNEL_BAD_CONFIGURATION'),
  fails('404: another region', { status: 404 }, 'CHANNEL_BAD_CONFIGURATION'),
  fails('a redirect', { status: 302, headers: { location: '/elsewhere' } }, 'DELIVERY_TIMED_OUT'),
  {
    name: 'a time-out after the message was taken, and its receipt later',
    outcome: 'FAILED DELIVERY_TIMED_OUT, never a second call; then DELIVERED, the first true word',
    async run(world, app) {
      world.standIn.script(app, { accept: true, delayMs: 7_000 });
      const id = await sendTo(world, app);
      await failedAs(app, id, 'DELIVERY_TIMED_OUT');
      const [sent] = await app.sent(1);
      expect(await receipt(world, app, sent, 'DELIVERED')).toEqual({ result: 'recorded' });
      await reported(app, id, 'DELIVERED');
      expect(world.standIn.sends(app)).toHaveLength(1);
    },
  },
  {
    name: '200 without a JSON',
    outcome: 'is taken: submitted, and its receipt counts',
    async run(world, app) {
      world.standIn.script(app, { body: 'OK' });
      const id = await sendTo(world, app);
      await app.callback('message_submit_notification');
      await receipt(world, app, (await app.sent(1))[0], 'DELIVERED');
      await reported(app, id, 'DELIVERED');
    },
  },
  {
    name: 'nobody listens for two seconds',
    outcome: 'is tried again, and leaves once',
    async run(world, app) {
      await world.standIn.down();
      const id = await sendTo(world, app);
      await new Promise((go) => setTimeout(go, 2_000));
      await world.standIn.up();
      await receipt(world, app, (await app.sent(1))[0], 'DELIVERED');
      await reported(app, id, 'DELIVERED');
      expect(world.standIn.sends(app)).toHaveLength(1);
    },
  },
  {
    name: 'a token that ended',
    outcome: 'is renewed once, and the message leaves once',
    async run(world, app) {
      await sendTo(world, app);
      await app.sent(1);
      world.standIn.endTokens();
      const before = world.standIn.tokenRequests.length;
      await sendTo(world, app);
      const sends = await app.sent(3);
      expect(sends.map(({ status }) => status)).toEqual([200, 401, 200]);
      expect(world.standIn.tokenRequests.length - before).toBe(1);
      await nothingOwed(world.instance, 20_000);
      expect(world.standIn.sends(app)).toHaveLength(3);
    },
  },
  {
    name: 'a token endpoint that is overloaded, then down, then back',
    outcome: 'the message waits, and leaves once',
    async run(world, app) {
      await sendTo(world, app);
      await app.sent(1);
      world.standIn.endTokens();
      world.standIn.scriptTokens({ status: 429, headers: { 'retry-after': '1' } }, { reset: 'instead' });
      const before = world.standIn.tokenRequests.length;
      await sendTo(world, app);
      const sends = await app.sent(3);
      expect(sends.map(({ status }) => status)).toEqual([200, 401, 200]);
      expect(world.standIn.tokenRequests.length - before).toBe(3);
    },
  },
  {
    name: 'a wrong key secret, then the right one',
    outcome: 'FAILED CHANNEL_BAD_CONFIGURATION without a call, then it leaves',
    async run(world, app) {
      await settings(world, app, { key_secret: 'mistyped' });
      await failedAs(app, await sendTo(world, app), 'CHANNEL_BAD_CONFIGURATION');
      expect(world.standIn.sends(app)).toHaveLength(0);
      await settings(world, app, { key_secret: world.standIn.keySecret });
      await sendTo(world, app);
      await app.sent(1);
    },
  },
  {
    name: 'a STOP while a message waits after a 429',
    outcome: 'is blocked, and never leaves again',
    async run(world, app) {
      world.standIn.script(app, { status: 429, headers: { 'retry-after': '3' } });
      const id = await sendTo(world, app);
      await app.sent(1);
      await world.standIn.post(app, app.say('m', 'STOP'));
      await failedAs(app, id, 'RECIPIENT_NOT_OPTED_IN');
      const [, reply] = await app.sent(2);
      expect(reply?.body['message']).toEqual({
        text_message: { text: 'Your request to leave has been accomplished.' },
      });
      await nothingOwed(world.instance, 20_000);
      expect(world.standIn.sends(app)).toHaveLength(2);
    },
  },
  {
    name: 'a message that is no text',
    outcome: 'leaves as it was given',
    async run(world, app) {
      const message = { media_message: { url: 'https://media.example/å.jpg' } };
      await sendTo(world, app, { message });
      expect((await app.sent(1))[0]?.body).toMatchObject({
        message,
        message_content_type: 'CONTENT_MARKETING',
        recipient: { identified_by: { channel_identities: [{ channel: 'SMS', identity: app.person }] } },
      });
    },
  },
];

import { beforeEach, describe, expect, it } from 'vitest';
import type { OutboundMessage } from '../../../../channels/channel.js';
import type { HttpAnswer, HttpCall } from '../../../../http-client/http-sender.js';
import { createSlotPool } from '../../../../channels/slot-pool.js';
import { createTwilioChannel, type TwilioAccount } from '../../../../channels/twilio/twilio-channel.js';
import { twilioFixture } from '../../../support/twilio/twilio-signing.js';

const NOW = Date.parse('2026-11-24T17:45:00.000Z');
const ACCOUNT: TwilioAccount = {
  accountSid: 'AC1',
  apiUrl: 'https://api.example',
  user: 'SK1',
  secret: 'the secret',
  messagingServiceSid: null,
  statusCallback: ({ messageId }) => `https://us.example/inbound/twilio?message_id=${messageId}`,
};
const MESSAGE: OutboundMessage = {
  messageId: '01HZX3K9V0000000000000000A',
  projectId: 'p',
  appId: 'a',
  kind: 'MESSAGE',
  channel: 'SMS',
  identity: '12025550101',
  sender: '+12025550100',
  text: 'Hej ✓ & <you>',
  message: { text_message: { text: 'Hej ✓ & <you>' } },
  contentType: 'CONTENT_UNKNOWN',
  attempt: 1,
};
const exchanged = { sent: true, peer: null, durationMs: 1 } as const;
const responded = (status: number, excerpt = '', retryAfter: string | null = null): HttpAnswer => ({
  ...exchanged,
  ...{ status, fault: null, retryAfter, excerpt, truncated: false },
});

let calls: HttpCall[];
let answer: HttpAnswer;
beforeEach(() => {
  calls = [];
  answer = responded(201, JSON.stringify(twilioFixture('message')));
});

const http = {
  post: (call: HttpCall) => {
    calls.push(call);
    return Promise.resolve(answer);
  },
};
async function handOver(message: Partial<OutboundMessage> = {}, account: Partial<TwilioAccount> = {}) {
  const deps = { http, clock: { now: () => NOW }, slots: createSlotPool(1) };
  const channel = createTwilioChannel(deps, { ...ACCOUNT, ...account });
  const prepared = await channel.prepare({ ...MESSAGE, ...message });
  expect(calls).toEqual([]);
  return prepared.begin();
}
const form = () => Object.fromEntries(new URLSearchParams(String(calls[0]?.body)));

describe('the channel twilio', () => {
  it('creates a message as Twilio documents it', async () => {
    expect(await handOver()).toEqual({
      outcome: 'taken',
      handedOverAt: '2026-11-24T17:45:00.000Z',
      reports: ['QUEUED_ON_CHANNEL'],
      providerMessageId: 'SM00000000000000000000000000000005',
    });
    expect(calls).toMatchObject([
      {
        url: 'https://api.example/2010-04-01/Accounts/AC1/Messages.json',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          authorization: `Basic ${Buffer.from('SK1:the secret').toString('base64')}`,
        },
        timeoutMs: 6_000,
      },
    ]);
    expect(form()).toEqual({
      To: '+12025550101',
      From: '+12025550100',
      Body: 'Hej ✓ & <you>',
      StatusCallback: 'https://us.example/inbound/twilio?message_id=01HZX3K9V0000000000000000A',
    });
  });

  it('leaves the status callback out where nobody can reach us', async () => {
    await handOver({}, { statusCallback: null });
    expect(form()).not.toHaveProperty('StatusCallback');
  });

  it('lets the Messaging Service choose where the message names no sender', async () => {
    await handOver({ sender: '' }, { messagingServiceSid: 'MG1' });
    expect(form()).toMatchObject({ MessagingServiceSid: 'MG1' });
    expect(form()).not.toHaveProperty('From');
  });

  it('sends media by its URL and writes the channel before both addresses', async () => {
    const message = { media_message: { url: 'https://us.example/cat.png' } };
    await handOver({ channel: 'WHATSAPP', message });
    expect(form()).toMatchObject({
      To: 'whatsapp:+12025550101',
      From: 'whatsapp:+12025550100',
      MediaUrl: 'https://us.example/cat.png',
    });
    expect(form()).not.toHaveProperty('Body');
  });

  it.each([
    ['a channel that Twilio has not', { channel: 'TELEGRAM' }, 'CHANNEL_REJECT'],
    ['a message that is neither text nor media', { message: { card_message: {} } }, 'CHANNEL_REJECT'],
    ['no sender and no Messaging Service', { sender: '' }, 'CHANNEL_BAD_CONFIGURATION'],
  ])('fails %s without a call', async (_, message, reason) => {
    expect(await handOver(message)).toMatchObject({ outcome: 'failed', reason });
    expect(calls).toEqual([]);
  });

  it.each<[string, HttpAnswer, object]>([
    ['429', responded(429, '', '7'), { outcome: 'not-taken', class: 'busy', retryAfterMs: 7_000 }],
    ['503', responded(503), { outcome: 'not-taken', class: 'unavailable', retryAfterMs: null }],
    ['500', responded(500), { outcome: 'unknown' }],
    ['302', responded(302), { outcome: 'unknown' }],
    ['a time-out', { ...exchanged, status: null, fault: 'timeout' }, { outcome: 'unknown' }],
    ['a reset', { ...exchanged, status: null, fault: 'reset' }, { outcome: 'unknown' }],
    [
      'no name',
      { ...exchanged, sent: false, status: null, fault: 'dns' },
      { outcome: 'not-taken', class: 'refused-connection', retryAfterMs: null },
    ],
    [
      'a blocked address',
      { ...exchanged, sent: false, status: null, fault: 'blocked' },
      { outcome: 'failed', reason: 'CHANNEL_BAD_CONFIGURATION' },
    ],
    [
      'an opt-out of Twilio’s own',
      responded(400, JSON.stringify(twilioFixture('21610.error'))),
      { outcome: 'failed', reason: 'RECIPIENT_NOT_OPTED_IN' },
    ],
  ])('classes %s', async (_, given, outcome) => {
    answer = given;
    expect(await handOver()).toMatchObject(outcome);
  });

  it('holds a slot until the call ends, or is not made', async () => {
    const deps = { http, clock: { now: () => NOW }, slots: createSlotPool(1) };
    const channel = createTwilioChannel(deps, ACCOUNT);
    const first = await channel.prepare(MESSAGE);
    let second = false;
    const waiting = channel.prepare(MESSAGE).then((prepared) => {
      second = true;
      return prepared;
    });
    await Promise.resolve();
    expect(second).toBe(false);
    first.release();
    await (await waiting).begin();
    (await channel.prepare(MESSAGE)).release();
    expect(channel.idempotent).toBe(false);
  });
});

import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Channel, OutboundMessage } from '../../../../channels/channel.js';
import { createTokenSource } from '../../../../channels/client-token.js';
import type { HttpAnswer, HttpCall, HttpFault } from '../../../../http-client/http-sender.js';
import { createSinchChannel } from '../../../../channels/sinch/sinch-channel.js';
import { createSlotPool } from '../../../../channels/slot-pool.js';

interface Fixture {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body: unknown;
}
const fixtures = JSON.parse(readFileSync('test/fixtures/sinch/answers.json', 'utf8')) as Record<
  string,
  Fixture
>;

const AT = '2026-01-02T03:04:05.678Z';
const exchanged = { sent: true, peer: null, durationMs: 1 };
const answer = (name: string): HttpAnswer => {
  const { status, headers, body } = fixtures[name] ?? { status: 0, body: null };
  const retryAfter = headers?.['retry-after'] ?? null;
  return { ...exchanged, status, fault: null, retryAfter, excerpt: JSON.stringify(body), truncated: false };
};
const fault = (of: HttpFault, sent: boolean): HttpAnswer => ({ ...exchanged, sent, status: null, fault: of });
const tokenOf = (token: string, expiresIn = 3600): HttpAnswer => ({
  ...exchanged,
  ...{ status: 200, fault: null, retryAfter: null, truncated: false },
  excerpt: JSON.stringify({ access_token: token, expires_in: expiresIn }),
});

const message: OutboundMessage = {
  messageId: '01JGFJJZ000000000000000000',
  projectId: 'p',
  appId: 'a',
  kind: 'MESSAGE',
  channel: 'SMS',
  identity: '46700000001',
  sender: '12025550100',
  text: 'hej ✓',
  message: { text_message: { text: 'hej ✓' } },
  contentType: 'CONTENT_MARKETING',
  attempt: 1,
};

let clock: { ms: number; now(): number };
let sends: HttpCall[];
let tokenCalls: HttpCall[];
/** What the API answers, what the token endpoint does: the last one holds. */
let answers: HttpAnswer[];
let tokens: HttpAnswer[];
let channel: Channel;

const next = (of: HttpAnswer[]): HttpAnswer => {
  const [first, ...rest] = of;
  if (rest.length > 0) of.shift();
  return first ?? fault('other', false);
};
beforeEach(() => {
  clock = { ms: Date.parse(AT), now: () => clock.ms };
  sends = [];
  tokenCalls = [];
  answers = [answer('sent')];
  tokens = [answer('token')];
  const post = async (call: HttpCall) => {
    const isToken = call.url.endsWith('/oauth2/token');
    (isToken ? tokenCalls : sends).push(call);
    return next(isToken ? tokens : answers);
  };
  const deps = { http: { post }, clock };
  channel = createSinchChannel(
    { ...deps, tokens: createTokenSource({ ...deps, renewBeforeMs: 60_000 }), slots: createSlotPool(2) },
    {
      projectId: 'sp',
      appId: 'sa',
      apiUrl: 'https://eu.conversation.api.sinch.com',
      credentials: {
        endpoint: 'https://auth.sinch.com/oauth2/token',
        clientId: 'key',
        clientSecret: 'secret',
        requestType: 'BASIC',
      },
    },
  );
});
const handOver = async (change: Partial<OutboundMessage> = {}) =>
  (await channel.prepare({ ...message, ...change })).begin();

describe('sinch channel', () => {
  it('gets its token before, and posts in the same turn as begin', async () => {
    const prepared = await channel.prepare(message);
    expect(tokenCalls).toMatchObject([
      {
        url: 'https://auth.sinch.com/oauth2/token',
        body: 'grant_type=client_credentials',
        headers: { authorization: `Basic ${Buffer.from('key:secret').toString('base64')}` },
      },
    ]);
    expect(sends).toEqual([]);
    const outcome = prepared.begin();
    expect(sends).toMatchObject([
      {
        url: 'https://eu.conversation.api.sinch.com/v1/projects/sp/messages:send',
        timeoutMs: 6_000,
        headers: { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.c2ln', 'content-type': 'application/json' },
      },
    ]);
    expect(JSON.parse(String(sends[0]?.body))).toEqual({
      app_id: 'sa',
      recipient: { identified_by: { channel_identities: [{ channel: 'SMS', identity: '46700000001' }] } },
      message: { text_message: { text: 'hej ✓' } },
      channel_priority_order: ['SMS'],
      channel_properties: { SMS_SENDER: '12025550100' },
      message_content_type: 'CONTENT_MARKETING',
      message_metadata: message.messageId,
      correlation_id: message.messageId,
    });
    expect(await outcome).toEqual({
      outcome: 'taken',
      handedOverAt: AT,
      reports: [],
      providerMessageId: '01SINCHMESSAGE0000000000AA',
    });
  });

  it('leaves out what it does not know: sender, content type', async () => {
    await handOver({ sender: '', contentType: 'CONTENT_UNKNOWN' });
    await handOver({ channel: 'WHATSAPP' });
    for (const { body } of sends) expect(JSON.parse(String(body))).not.toHaveProperty('channel_properties');
    expect(JSON.parse(String(sends[0]?.body))).not.toHaveProperty('message_content_type');
  });

  it.each([
    ['busy', { outcome: 'not-taken', class: 'busy', retryAfterMs: 2_000 }],
    ['unavailable', { outcome: 'not-taken', class: 'unavailable', retryAfterMs: null }],
    ['bad-request', { outcome: 'failed', reason: 'CHANNEL_REJECT', description: 'Sinch answered 400' }],
    [
      'forbidden',
      { outcome: 'failed', reason: 'CHANNEL_BAD_CONFIGURATION', description: 'Sinch answered 403' },
    ],
    [
      'not-found',
      { outcome: 'failed', reason: 'CHANNEL_BAD_CONFIGURATION', description: 'Sinch answered 404' },
    ],
    ['internal', { outcome: 'unknown' }],
  ])('classes the answer %s', async (name, outcome) => {
    answers = [answer(name)];
    expect(await handOver()).toEqual(outcome);
  });

  it.each([
    [fault('refused', false), { outcome: 'not-taken', class: 'refused-connection', retryAfterMs: null }],
    [fault('dns', false), { outcome: 'not-taken', class: 'refused-connection', retryAfterMs: null }],
    [fault('timeout', false), { outcome: 'not-taken', class: 'refused-connection', retryAfterMs: null }],
    [fault('timeout', true), { outcome: 'unknown' }],
    [fault('reset', true), { outcome: 'unknown' }],
    [fault('aborted', true), { outcome: 'unknown' }],
  ])('classes what happened below HTTP: %j', async (of, outcome) => {
    answers = [of];
    expect(await handOver()).toEqual(outcome);
  });

  it('takes an answer without an id, or with what might be a number, for taken all the same', async () => {
    for (const excerpt of ['', '[]', '{"message_id":"46700000001"}', '{"message_id":7}', 'null']) {
      answers = [{ ...exchanged, status: 200, fault: null, retryAfter: null, excerpt, truncated: false }];
      expect(await handOver()).toEqual({ outcome: 'taken', handedOverAt: AT, reports: [] });
    }
  });

  it('does not go to a blocked address', async () => {
    answers = [fault('blocked', false)];
    expect(await handOver()).toMatchObject({ outcome: 'failed', reason: 'CHANNEL_BAD_CONFIGURATION' });
    tokens = [fault('blocked', false)];
    clock.ms += 3_600_000;
    expect(await handOver()).toMatchObject({ outcome: 'failed', reason: 'CHANNEL_BAD_CONFIGURATION' });
  });
});

describe('token of the sinch channel', () => {
  it('is asked for once, by however many at once', async () => {
    const both = await Promise.all([channel.prepare(message), channel.prepare(message)]);
    for (const { release } of both) release();
    expect(await handOver()).toMatchObject({ outcome: 'taken' });
    expect(tokenCalls).toHaveLength(1);
  });

  it('is renewed before it ends, a short one after half its life', async () => {
    await handOver();
    clock.ms += 3_539_000;
    await handOver();
    expect(tokenCalls).toHaveLength(1);
    clock.ms += 1_000;
    tokens = [tokenOf('short', 60)];
    await handOver();
    expect(tokenCalls).toHaveLength(2);
    clock.ms += 29_000;
    await handOver();
    expect(tokenCalls).toHaveLength(2);
    clock.ms += 1_000;
    await handOver();
    expect(tokenCalls).toHaveLength(3);
  });

  it('that is refused is renewed once: by the next attempt, never in the same call', async () => {
    tokens = [tokenOf('t1'), tokenOf('t2'), tokenOf('t3')];
    answers = [
      answer('token-ended'),
      answer('sent'),
      answer('token-ended'),
      answer('token-ended'),
      answer('sent'),
    ];
    const again = { outcome: 'not-taken', class: 'unavailable', retryAfterMs: null };
    expect(await handOver()).toEqual(again);
    expect(sends).toHaveLength(1);
    expect(await handOver()).toMatchObject({ outcome: 'taken' });
    expect(await handOver()).toEqual(again);
    expect(await handOver()).toMatchObject({ outcome: 'failed', reason: 'CHANNEL_BAD_CONFIGURATION' });
    expect(sends.map(({ headers }) => headers['authorization'])).toEqual(
      ['t1', 't2', 't2', 't3'].map((token) => `Bearer ${token}`),
    );
    expect(await handOver()).toMatchObject({ outcome: 'taken' });
  });

  it('that is refused to many at once is still one renewal', async () => {
    tokens = [tokenOf('t1'), tokenOf('t2')];
    answers = [answer('token-ended'), answer('token-ended'), answer('sent')];
    const both = [await channel.prepare(message), await channel.prepare(message)];
    const outcomes = await Promise.all(both.map((one) => one.begin()));
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['not-taken', 'not-taken']);
    expect(await handOver()).toMatchObject({ outcome: 'taken' });
    expect(tokenCalls).toHaveLength(2);
  });

  it.each([
    [answer('token-refused'), { outcome: 'failed', reason: 'CHANNEL_BAD_CONFIGURATION' }],
    [answer('busy'), { outcome: 'not-taken', class: 'busy', retryAfterMs: 2_000 }],
    [answer('internal'), { outcome: 'not-taken', class: 'unavailable' }],
    [answer('sent'), { outcome: 'not-taken', class: 'unavailable' }],
    [fault('timeout', true), { outcome: 'not-taken', class: 'unavailable' }],
    [fault('refused', false), { outcome: 'not-taken', class: 'unavailable' }],
  ])('that cannot be had: no message leaves, no slot is kept (%#)', async (of, outcome) => {
    tokens = [of];
    for (let more = 0; more < 3; more++) expect(await handOver()).toMatchObject(outcome);
    expect(sends).toEqual([]);
    tokens = [answer('token')];
    expect(await handOver()).toMatchObject({ outcome: 'taken' });
  });

  it('that breaks our own client throws, and gives the slot back', async () => {
    const broken = createSinchChannel(
      {
        http: { post: () => Promise.reject(new Error('ours')) },
        clock,
        tokens: { get: () => Promise.reject(new Error('ours')), drop: () => undefined },
        slots: createSlotPool(1),
      },
      {
        projectId: 'p',
        appId: 'a',
        apiUrl: '',
        credentials: { endpoint: '', clientId: '', clientSecret: '', requestType: 'BASIC' },
      },
    );
    await expect(broken.prepare(message)).rejects.toThrow('ours');
    await expect(broken.prepare(message)).rejects.toThrow('ours');
  });
});

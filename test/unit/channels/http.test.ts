import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import type { HandOverOutcome, OutboundMessage } from '../../../channels/channel.js';
import { createHttpChannel } from '../../../channels/http.js';
import type { HttpAnswer, HttpCall } from '../../../http-client/http-sender.js';
import { createSigner } from '../../../channels/signer.js';
import { createSlotPool } from '../../../channels/slot-pool.js';

const NOW = Date.parse('2026-01-02T03:04:05.678Z');
const AT = '2026-01-02T03:04:05.678Z';
const message: OutboundMessage = {
  messageId: '01JGFJJZ000000000000000000',
  projectId: 'p',
  appId: 'a',
  kind: 'REPLY',
  channel: 'SMS',
  identity: '46700000001',
  sender: '46700000000',
  text: 'You are unsubscribed ✓',
  message: {},
  contentType: 'CONTENT_UNKNOWN',
  attempt: 2,
};
const exchanged = { sent: true, peer: '10.0.0.1', durationMs: 5 };
const status = (code: number, retryAfter: string | null = null): HttpAnswer => ({
  ...exchanged,
  status: code,
  fault: null,
  retryAfter,
  excerpt: '',
  truncated: false,
});

function channelThat(answer: HttpAnswer, slots = createSlotPool(64)) {
  const calls: HttpCall[] = [];
  const http = {
    post: (call: HttpCall) => {
      calls.push(call);
      return Promise.resolve(answer);
    },
  };
  const deps = { http, clock: { now: () => NOW }, newNonce: () => 'nonce', slots };
  const gateway = {
    url: 'https://gateway.example/send',
    signer: createSigner('whsec_c2VjcmV0'),
    idempotent: true,
  };
  return { channel: createHttpChannel(deps, gateway), calls };
}

async function handOver(answer: HttpAnswer): Promise<HandOverOutcome> {
  return (await channelThat(answer).channel.prepare(message)).begin();
}

describe('http channel', () => {
  it('posts the signed message in the same turn as begin', async () => {
    const { channel, calls } = channelThat(status(200));
    const prepared = await channel.prepare(message);
    expect(calls).toEqual([]);
    const outcome = prepared.begin();
    const [call] = calls;
    expect(call).toMatchObject({
      url: 'https://gateway.example/send',
      timeoutMs: 6_000,
      headers: {
        'content-type': 'application/json',
        'idempotency-key': message.messageId,
        'optledger-handed-over-at': AT,
        'webhook-id': message.messageId,
        'x-sinch-webhook-signature-nonce': 'nonce',
      },
    });
    expect(JSON.parse(String(call?.body))).toEqual({
      message_id: message.messageId,
      channel: 'SMS',
      identity: '46700000001',
      sender: '46700000000',
      text: 'You are unsubscribed ✓',
      kind: 'REPLY',
      attempt: 2,
    });
    const signature = new Webhook('whsec_c2VjcmV0').sign(
      message.messageId,
      new Date(NOW),
      String(call?.body),
    );
    expect(call?.headers['webhook-signature']).toBe(signature);
    expect(await outcome).toEqual({ outcome: 'taken', handedOverAt: AT, reports: ['QUEUED_ON_CHANNEL'] });
    expect(channel.idempotent).toBe(true);
  });

  const fault = (code: Extract<HttpAnswer, { status: null }>['fault'], sent: boolean): HttpAnswer => ({
    ...exchanged,
    sent,
    status: null,
    fault: code,
  });
  const notTaken = (kind: string, retryAfterMs: number | null = null) => ({
    outcome: 'not-taken',
    class: kind,
    retryAfterMs,
  });
  it.each([
    [status(204), { outcome: 'taken', handedOverAt: AT, reports: ['QUEUED_ON_CHANNEL'] }],
    [status(429, '7'), notTaken('busy', 7_000)],
    [status(429), notTaken('busy')],
    [status(503, '7'), notTaken('unavailable', 7_000)],
    [fault('refused', false), notTaken('refused-connection')],
    [fault('dns', false), notTaken('refused-connection')],
    [fault('timeout', false), notTaken('refused-connection')],
    [fault('tls', false), notTaken('refused-connection')],
    [fault('timeout', true), { outcome: 'unknown' }],
    [fault('reset', true), { outcome: 'unknown' }],
    [fault('aborted', true), { outcome: 'unknown' }],
    [status(500), { outcome: 'unknown' }],
    [status(502), { outcome: 'unknown' }],
    [status(302), { outcome: 'unknown' }],
    [
      fault('blocked', false),
      {
        outcome: 'failed',
        reason: 'CHANNEL_BAD_CONFIGURATION',
        description: 'the address of the channel is blocked',
      },
    ],
    [status(400), { outcome: 'failed', reason: 'CHANNEL_REJECT', description: 'the gateway answered 400' }],
    [status(408), { outcome: 'failed', reason: 'CHANNEL_REJECT', description: 'the gateway answered 408' }],
    [
      status(401),
      { outcome: 'failed', reason: 'CHANNEL_BAD_CONFIGURATION', description: 'the gateway answered 401' },
    ],
  ])('%j', async (answer, outcome) => {
    expect(await handOver(answer)).toEqual(outcome);
  });

  it('holds a slot from prepare to the end of the call, or to its release', async () => {
    const { channel } = channelThat(status(200), createSlotPool(1));
    const first = await channel.prepare(message);
    let waited = true;
    const second = channel.prepare(message).finally(() => {
      waited = false;
    });
    await new Promise(setImmediate);
    expect(waited).toBe(true);
    first.release();
    await (await second).begin();
    (await channel.prepare(message)).release();
  });
});

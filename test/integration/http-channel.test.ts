import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGuardedHttp, type GuardedHttp } from '../../http-client/guarded-http.js';
import { createAddressGuard } from '../../http-client/address-guard.js';
import type { Channel, OutboundMessage } from '../../channels/channel.js';
import { createHttpChannel } from '../../channels/http.js';
import { createSigner } from '../../channels/signer.js';
import { createSlotPool } from '../../channels/slot-pool.js';
import { startGateway, type Gateway } from '../support/stand-ins/gateway.js';

const SECRET = 'a gateway’s secret';
let gateway: Gateway;
let http: GuardedHttp;
let channel: Channel;

beforeAll(async () => {
  gateway = await startGateway();
  http = createGuardedHttp({ guard: createAddressGuard(['127.0.0.0/8']), nowMs: () => performance.now() });
  let nonces = 0;
  channel = createHttpChannel(
    {
      http,
      clock: { now: () => Date.now() },
      newNonce: () => `nonce-${String(++nonces)}`,
      slots: createSlotPool(64),
    },
    { url: `${gateway.url}/send`, signer: createSigner(SECRET), idempotent: false },
  );
});
afterAll(async () => {
  await http.close();
  await gateway.stop();
});

const message = (id: string): OutboundMessage => ({
  messageId: id,
  projectId: 'p',
  appId: 'a',
  kind: 'MESSAGE',
  channel: 'SMS',
  identity: '46700000001',
  sender: '46700000000',
  text: 'hej ✓',
  message: {},
  contentType: 'CONTENT_UNKNOWN',
  attempt: 1,
});
const handOver = async (id: string) => (await channel.prepare(message(id))).begin();

describe('http channel at a gateway in its own process', () => {
  it('hands over, signed, with the time at which the call began', async () => {
    const before = Date.now();
    const outcome = await handOver('m-1');
    expect(outcome).toMatchObject({ outcome: 'taken', reports: ['QUEUED_ON_CHANNEL'] });
    const calls = await gateway.calls(SECRET);
    expect(calls).toMatchObject([
      {
        messageId: 'm-1',
        channel: 'SMS',
        identity: '46700000001',
        text: 'hej ✓',
        idempotencyKey: 'm-1',
        attempt: 1,
      },
    ]);
    const [call] = calls;
    if (call === undefined) throw new Error('no call');
    const { handedOverAt, arrivedAt } = call;
    expect(handedOverAt).toBeGreaterThanOrEqual(before);
    expect(arrivedAt).toBeGreaterThanOrEqual(handedOverAt);
    await expect(gateway.calls('another secret')).rejects.toThrow('not signed');
  });

  it('hands many over at once and loses none', async () => {
    const from = await gateway.count();
    const outcomes = await Promise.all(Array.from({ length: 300 }, (_, i) => handOver(`many-${String(i)}`)));
    expect(outcomes.every(({ outcome }) => outcome === 'taken')).toBe(true);
    const calls = await gateway.calls(SECRET);
    expect(new Set(calls.slice(from).map(({ messageId }) => messageId)).size).toBe(300);
  });

  it('knows what was surely not taken, and what is not known', async () => {
    await gateway.script(
      { status: 503, headers: { 'retry-after': '2' } },
      { reset: 'instead' },
      { status: 422 },
      {},
    );
    expect(await handOver('m-2')).toEqual({
      outcome: 'not-taken',
      class: 'unavailable',
      retryAfterMs: 2_000,
    });
    expect(await handOver('m-3')).toEqual({ outcome: 'unknown' });
    expect(await handOver('m-4')).toMatchObject({ outcome: 'failed', reason: 'CHANNEL_REJECT' });
    await gateway.down();
    expect(await handOver('m-5')).toEqual({
      outcome: 'not-taken',
      class: 'refused-connection',
      retryAfterMs: null,
    });
    await gateway.up();
    expect(await handOver('m-5')).toMatchObject({ outcome: 'taken' });
  });
});

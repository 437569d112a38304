import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deriveId, ulidOf } from '../../ledger/event-ids.js';
import { ON_ROLES, startInstance, type Instance } from '../support/instance.js';
import { reasonOfEnd } from '../support/ledger-file.js';
import { nothingOwed } from '../support/metrics.js';
import { LATEST_MS } from '../support/race-judge.js';
import { inbound, phone, send } from '../support/story.js';
import { waitFor } from '../support/wait-for.js';

// A reply tells what stood when its cause was recorded. Once that is no longer so, it must not go out.

const CONTACTS = 60;
const LATEST = ON_ROLES ? LATEST_MS.ledgerServer : LATEST_MS.ledgerFile;

let instance: Instance;

beforeAll(async () => {
  instance = await startInstance();
});
afterAll(() => instance.stop());

/** The id of the reply that an inbound message causes. */
const replyOf = (eventId: string): string => ulidOf(deriveId(eventId, 'reply'));

let said = 0;

/** Until it is acknowledged, as a provider repeats it: a busy machine may answer 503, which promises nothing. */
async function say(identity: string, text: string): Promise<void> {
  const messageId = `said-${String((said += 1))}`;
  await waitFor('an acknowledgement', async () => {
    const { status } = await inbound(instance, identity, text, { messageId });
    expect([200, 503]).toContain(status);
    return status === 200 || undefined;
  });
}

describe('START, then STOP one second later', () => {
  it('the START reply is never handed over after the STOP', { timeout: 120_000 }, async () => {
    const people = Array.from({ length: CONTACTS }, (_, n) => `46760${String(n).padStart(6, '0')}`);
    const stops = new Map<string, number>();
    await Promise.all(
      people.map(async (identity, n) => {
        await say(identity, 'STOP');
        // Sends in between keep the lane busy, so that replies come at all distances from the STOP.
        await send(instance, `46769${String(n).padStart(6, '0')}`, 'CONTENT_MARKETING');
        await say(identity, 'START');
        await delay(n % 3 === 0 ? 1_000 : n * 5);
        await say(identity, 'STOP');
        stops.set(identity, Date.now());
      }),
    );
    await nothingOwed(instance, 60_000);
    const startReplies = (await phone(instance)).filter(({ text }) => text.includes('get back'));
    const late = startReplies.filter(
      ({ identity, handed_over_at }) =>
        Date.parse(handed_over_at) > (stops.get(identity) ?? Infinity) + LATEST,
    );
    console.log(
      `${String(startReplies.length)} of ${String(CONTACTS)} START replies went out, all before the STOP`,
    );
    expect(late).toEqual([]);
  });
});

describe('a reply that nobody could hand over in time', () => {
  it('is dropped as superseded after a restart', { timeout: 120_000 }, async () => {
    const identity = '46761000001';
    // Nothing listens there: the API takes messages in, nothing is handed over.
    const idle = await startInstance({
      environment: { TEMPORAL_ADDRESS: '127.0.0.1:1' },
      readyText: 'is degraded',
    });
    await inbound(idle, identity, 'STOP');
    const start = await inbound(idle, identity, 'START');
    await inbound(idle, identity, 'STOP');
    await idle.stop();
    const again = await startInstance({ dataDir: idle.dataDir });
    try {
      await nothingOwed(again, 60_000);
      const texts = (await phone(again)).map(({ text }) => text);
      expect(texts.filter((text) => text.includes('get back'))).toEqual([]);
      // Both opt-outs changed something, but only the second still stands for what its reply says.
      expect(texts).toEqual(['Your request to leave has been accomplished.']);
      expect(await reasonOfEnd(again.dataDir, replyOf(start.body.event_id))).toBe('superseded');
    } finally {
      await again.stop();
    }
  });

  it('is recorded as expired five minutes after its cause', async () => {
    const identity = '46761000002';
    const receivedAt = new Date(Date.now() - 5 * 60_000 - 1_000).toISOString();
    const stop = await inbound(instance, identity, 'STOP', { receivedAt });
    await nothingOwed(instance, 30_000);
    expect((await phone(instance)).filter((one) => one.identity === identity)).toEqual([]);
    expect(await reasonOfEnd(instance.dataDir, replyOf(stop.body.event_id))).toBe('expired');
  });
});

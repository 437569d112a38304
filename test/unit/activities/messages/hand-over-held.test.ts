import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { lastEventReader } from '../../../../activities/messages/decision-facts.js';
import { handOver, type HandOverDeps } from '../../../../activities/messages/hand-over.js';
import { readMessages } from '../../../../activities/messages/read-messages.js';
import type { Channel } from '../../../../channels/channel.js';
import type { HeldStop } from '../../../../domain/events/events.js';
import type { OwedMessage } from '../../../../domain/owed.js';
import { SCHEMA_CODEC } from '../../../../ledger/event-codec.js';
import { createMemoryLedger } from '../../../../ledger/memory/memory-ledger.js';
import { contactStream } from '../../../../ledger/streams.js';
import { planMessage, type MessageStep } from '../../../../workflows/plan-message.js';
import { fakeChannel, mid, taken, World } from '../../../worlds/hand-over-world.js';

const MARKETING = { contentType: 'CONTENT_MARKETING' } as const;
const HOUR_MS = 3_600_000;

let world: World;
let channel: ReturnType<typeof fakeChannel>;
beforeEach(async () => {
  world = new World(createMemoryLedger(SCHEMA_CODEC));
  channel = fakeChannel(() => taken);
  await world.configure();
});

function deps(by: Channel): HandOverDeps {
  const { ledger, clock } = world;
  return { ledger, clock, newId: randomUUID, channelFor: () => by, readLast: lastEventReader(ledger) };
}
async function stepOf(item: OwedMessage): Promise<MessageStep | undefined> {
  const read = await readMessages(deps(channel), [item]);
  const [message] = read.messages;
  return message && planMessage(read, message);
}
async function carryOut(step: MessageStep | undefined): Promise<unknown> {
  if (step?.step !== 'act') throw new Error('nothing to do');
  return handOver(deps(channel), step.plan, { signal: new AbortController().signal });
}
/** A message of the contact after which these stops are held. */
async function hold(contactId: string, heldStops: readonly HeldStop[]): Promise<void> {
  const state = { standing: {}, lastConsent: null, lastOptInReplyAt: null };
  await world.append(contactStream(contactId), {
    type: 'suspicion-decided',
    data: {
      ...{ projectId: 'p', appId: 'a', contactId, suspicionId: randomUUID(), listType: 'OPT_OUT_ALL' },
      ...{ decision: 'not_a_stop', state: heldStops.length === 0 ? state : { ...state, heldStops } },
    },
  } as never);
}
const stop = (): HeldStop => ({
  eventId: randomUUID(),
  listType: 'OPT_OUT_ALL',
  since: new Date(world.now).toISOString(),
});

describe('the hand-over of marketing to somebody who may have asked to stop', () => {
  it('is not begun where the stop came between the plan and the call', async () => {
    const item = await world.send('m1', 'c1', MARKETING);
    const step = await stepOf(item);
    await hold('c1', [stop()]);
    expect(await carryOut(step)).toMatchObject({ state: 'again', why: 'stale' });
    expect(channel.begun).toEqual([]);
    expect(await stepOf(item)).toMatchObject({ step: 'wait', why: 'held', waitMs: 60_000 });
  });

  it('goes on once it was decided, and by itself after 72 hours', async () => {
    await hold('c1', [stop()]);
    const decided = await world.send('m1', 'c1', MARKETING);
    expect(await stepOf(decided)).toMatchObject({ step: 'wait', why: 'held' });
    await hold('c1', []);
    expect(await carryOut(await stepOf(decided))).toEqual({
      ...{ messageId: mid('m1'), state: 'ended', as: 'dispatched' },
    });
    await hold('c1', [stop()]);
    const patient = await world.send('m2', 'c1', { ...MARKETING, expiresInMs: 100 * HOUR_MS });
    world.now += 72 * HOUR_MS;
    expect(await carryOut(await stepOf(patient))).toMatchObject({ as: 'dispatched' });
  });

  it('ends with its time to live where nobody decides', async () => {
    await hold('c1', [stop()]);
    const item = await world.send('m1', 'c1', MARKETING);
    world.now += HOUR_MS;
    expect(await carryOut(await stepOf(item))).toMatchObject({ as: 'failed' });
    expect((await world.events('m1')).at(-1)).toMatchObject({ data: { reason: 'MESSAGE_EXPIRED' } });
  });

  it('holds nothing but marketing', async () => {
    await hold('c1', [stop()]);
    const notice = await world.send('m1', 'c1', { contentType: 'CONTENT_NOTIFICATION' });
    expect(await carryOut(await stepOf(notice))).toMatchObject({ as: 'dispatched' });
    const reply = await world.reply('m2', 'c1', 'OPT_OUT');
    expect(await carryOut(await stepOf(reply))).toMatchObject({ as: 'dispatched' });
  });
});

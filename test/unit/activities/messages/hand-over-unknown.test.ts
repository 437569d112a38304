import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { lastEventReader } from '../../../../activities/messages/decision-facts.js';
import { handOver, type HandOverDeps } from '../../../../activities/messages/hand-over.js';
import { readMessages } from '../../../../activities/messages/read-messages.js';
import type { Channel, HandOverOutcome } from '../../../../channels/channel.js';
import { AppendUnclear } from '../../../../ledger/errors.js';
import { SCHEMA_CODEC } from '../../../../ledger/event-codec.js';
import type { Ledger } from '../../../../ledger/ledger.js';
import { createMemoryLedger } from '../../../../ledger/memory/memory-ledger.js';
import type { OwedMessage } from '../../../../domain/owed.js';
import { planMessage, type MessageStep } from '../../../../workflows/plan-message.js';
import { fakeChannel, mid, taken, World } from '../../../worlds/hand-over-world.js';

let world: World;
beforeEach(async () => {
  world = new World(createMemoryLedger(SCHEMA_CODEC));
  await world.configure();
});

const never = new AbortController().signal;
const depsFor = (channel: Channel, ledger: Ledger = world.ledger): HandOverDeps => ({
  ledger,
  clock: world.clock,
  newId: randomUUID,
  channelFor: () => channel,
  readLast: lastEventReader(ledger),
});
async function stepOf(item: OwedMessage, channel: Channel): Promise<MessageStep> {
  const read = await readMessages(depsFor(channel), [item]);
  const [message] = read.messages;
  if (message === undefined) throw new Error('nothing read');
  return planMessage(read, message);
}
async function act(item: OwedMessage, channel: Channel): Promise<unknown> {
  const step = await stepOf(item, channel);
  if (step.step !== 'act') throw new Error(`nothing to do: ${step.step}`);
  return handOver(depsFor(channel), step.plan, { signal: never });
}
/** An intent whose process died in the middle of the call. */
async function crashed(item: OwedMessage, idempotent: boolean): Promise<void> {
  const hanging = fakeChannel(() => new Promise<HandOverOutcome>(() => undefined), { idempotent });
  const step = await stepOf(item, hanging);
  if (step.step !== 'act') throw new Error('nothing to do');
  void handOver(depsFor(hanging), step.plan, { signal: never });
  while (hanging.begun.length === 0) await new Promise(setImmediate);
}

describe('an intent without an outcome', () => {
  it('is left alone until its deadline', async () => {
    const item = await world.send('m1', 'c1');
    const channel = fakeChannel(() => taken);
    await crashed(item, false);
    expect(await stepOf(item, channel)).toMatchObject({ step: 'wait', why: 'outcome', waitMs: 10_000 });
    world.now += 9_999;
    expect(await stepOf(item, channel)).toMatchObject({ step: 'wait', waitMs: 1 });
  });

  it('ends as timed out where the channel honours no key: never twice blindly', async () => {
    const item = await world.send('m1', 'c1');
    await crashed(item, false);
    world.now += 10_000;
    const channel = fakeChannel(() => taken);
    expect(await act(item, channel)).toMatchObject({ state: 'ended', as: 'failed' });
    expect((await world.events('m1')).at(-1)?.data).toMatchObject({
      reason: 'DELIVERY_TIMED_OUT',
      attempt: 1,
    });
    expect(channel.begun).toEqual([]);
  });

  it('is repeated as the same attempt where the channel honours a key, ever later', async () => {
    const item = await world.send('m1', 'c1');
    for (const waited of [10_000, 10_000, 10_000, 10_000, 16_000]) {
      await crashed(item, true);
      const channel = fakeChannel(() => taken, { idempotent: true });
      world.now += waited - 1;
      expect(await stepOf(item, channel)).toMatchObject({ step: 'wait', waitMs: 1 });
      world.now += 1;
    }
    const channel = fakeChannel(() => taken, { idempotent: true });
    expect(await act(item, channel)).toMatchObject({ as: 'dispatched' });
    expect(channel.begun).toMatchObject([{ attempt: 1 }]);
    const intents = (await world.events('m1')).filter(({ type }) => type === 'message-handing-over');
    expect(intents.map(({ data }) => 'attempt' in data && data.attempt)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('is not repeated to someone who has opted out, nor after its time to live', async () => {
    const item = await world.send('m1', 'c1');
    const other = await world.send('m2', 'c2', { expiresInMs: 5_000 });
    await crashed(item, true);
    await crashed(other, true);
    await world.consent('c1', 'OPT_OUT');
    world.now += 10_000;
    const channel = fakeChannel(() => taken, { idempotent: true });
    await act(item, channel);
    await act(other, channel);
    expect(channel.begun).toEqual([]);
    for (const name of ['m1', 'm2']) {
      expect((await world.events(name)).at(-1)?.data).toMatchObject({ reason: 'DELIVERY_TIMED_OUT' });
    }
  });

  it('is repeated by one of many that try', async () => {
    const item = await world.send('m1', 'c1');
    await crashed(item, true);
    world.now += 10_000;
    const channel = fakeChannel(() => taken, { idempotent: true });
    const results = await Promise.all([1, 2, 3].map(() => act(item, channel)));
    expect(channel.begun).toHaveLength(1);
    expect(results.filter((result) => (result as { state: string }).state === 'ended')).toHaveLength(1);
  });
});

describe('an unknown outcome that the process itself saw', () => {
  it('ends at once without a key, waits for its repeat with one', async () => {
    const item = await world.send('m1', 'c1');
    const unknown = (): HandOverOutcome => ({ outcome: 'unknown' });
    expect(await act(item, fakeChannel(unknown))).toMatchObject({ as: 'failed' });
    const again = await world.send('m2', 'c1');
    expect(await act(again, fakeChannel(unknown, { idempotent: true }))).toMatchObject({
      ...{ state: 'waiting', why: 'unknown', waitMs: 10_000 },
    });
    expect(await world.types('m2')).toEqual(['message-accepted', 'message-handing-over']);
  });

  it('includes a channel that breaks in mid-call', async () => {
    const item = await world.send('m1', 'c1');
    expect(
      await act(
        item,
        fakeChannel(() => Promise.reject(new Error('broken'))),
      ),
    ).toMatchObject({ as: 'failed' });
    expect((await world.events('m1')).at(-1)?.data).toMatchObject({ reason: 'DELIVERY_TIMED_OUT' });
  });
});

describe('a late outcome', () => {
  it('of a paused process is left when another one has ended the message', async () => {
    const item = await world.send('m1', 'c1');
    let answer: (outcome: HandOverOutcome) => void = () => undefined;
    const slow = fakeChannel(() => new Promise<HandOverOutcome>((resolve) => (answer = resolve)));
    const first = act(item, slow);
    while (slow.begun.length === 0) await new Promise(setImmediate);
    world.now += 10_000;
    await act(
      item,
      fakeChannel(() => taken),
    );
    answer(taken);
    expect(await first).toMatchObject({ state: 'again', why: 'conflict' });
    expect((await world.types('m1')).at(-1)).toBe('message-failed');
  });

  it('is recorded although the ledger is silent for a moment', async () => {
    const item = await world.send('m1', 'c1');
    const channel = fakeChannel(() => taken);
    let silent = 2;
    const flaky: Ledger = {
      ...world.ledger,
      async append(stream, events, expected) {
        const isOutcome = events.some(({ type }) => type === 'message-dispatched');
        // The clock stands past the 5 s after which an unclear append is given up.
        if (isOutcome && silent-- > 0) {
          world.now += 6_000;
          throw new AppendUnclear('no answer');
        }
        return world.ledger.append(stream, events, expected);
      },
    };
    const step = await stepOf(item, channel);
    if (step.step !== 'act') throw new Error('nothing to do');
    expect(await handOver(depsFor(channel, flaky), step.plan, { signal: never })).toEqual({
      ...{ messageId: mid('m1'), state: 'ended', as: 'dispatched' },
    });
  });
});

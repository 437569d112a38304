import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { POLICY } from '../../../../bin/wiring/policy.js';
import { lastEventReader } from '../../../../activities/messages/decision-facts.js';
import {
  createHandOvers,
  Stopping,
  type HandOvers,
} from '../../../../activities/messages/hand-over-batch.js';
import type { MessagePlan } from '../../../../activities/messages/hand-over-types.js';
import { readMessages } from '../../../../activities/messages/read-messages.js';
import type { Channel, HandOverOutcome } from '../../../../channels/channel.js';
import type { OwedMessage } from '../../../../domain/owed.js';
import { SCHEMA_CODEC } from '../../../../ledger/event-codec.js';
import { createMemoryLedger } from '../../../../ledger/memory/memory-ledger.js';
import { planMessage } from '../../../../workflows/plan-message.js';
import { waitFor } from '../../../support/wait-for.js';
import { fakeChannel, mid, taken, World } from '../../../worlds/hand-over-world.js';

let world: World;
let faults: string[];
beforeEach(async () => {
  world = new World(createMemoryLedger(SCHEMA_CODEC));
  await world.configure();
  faults = [];
});

function handOversBy(channel: Channel, quietMs = 1_000): HandOvers {
  const { ledger, clock } = world;
  const { begins, lastOnes } = POLICY.batch;
  return createHandOvers({
    ...{ ledger, clock, newId: randomUUID, readLast: lastEventReader(ledger) },
    batch: { begins: { ...begins, quietMs }, lastOnes: { ...lastOnes, quietMs } },
    channelFor: () => channel,
    onFault: (messageId) => faults.push(messageId),
  });
}
async function plansOf(items: readonly OwedMessage[], channel: Channel): Promise<MessagePlan[]> {
  const read = await readMessages({ ...world, channelFor: () => channel }, items);
  return read.messages.flatMap((message) => {
    const step = planMessage(read, message);
    return step.step === 'act' ? [step.plan] : [];
  });
}
const sends = (names: readonly string[]): Promise<OwedMessage[]> =>
  Promise.all(names.map((name) => world.send(name, `c-${name}`)));

describe('a batch of hand-overs', () => {
  it('gives one message that faults back as faulted; the others are handed over', async () => {
    const channel = fakeChannel(() => taken, {
      onPrepare: async ({ messageId }) => {
        if (messageId === mid('m7')) throw new Error('secret of +46700000001 does not open');
      },
    });
    const names = Array.from({ length: 20 }, (_, n) => `m${String(n)}`);
    const results = await handOversBy(channel).batch(await plansOf(await sends(names), channel));
    expect(results.filter(({ state }) => state === 'ended')).toHaveLength(19);
    expect(results[7]).toEqual({ messageId: mid('m7'), state: 'faulted', code: 'Fault' });
    expect(faults).toEqual([mid('m7')]);
  });

  it('answers after its time; calls that run are recorded all the same', async () => {
    let answer: (outcome: HandOverOutcome) => void = () => undefined;
    const channel = fakeChannel(({ messageId }) =>
      messageId === mid('slow') ? new Promise<HandOverOutcome>((resolve) => (answer = resolve)) : taken,
    );
    const plans = await plansOf(await sends(['slow', 'fast']), channel);
    const results = await handOversBy(channel, 300).batch(plans);
    expect(results.map(({ state }) => state)).toEqual(['running', 'ended']);
    answer(taken);
    await waitFor('the slow one recorded', async () =>
      (await world.types('slow')).includes('message-dispatched'),
    );
  });

  it('takes back what has not begun when its time is over: the batch goes on with it', async () => {
    let free: () => void = () => undefined;
    const channel = fakeChannel(() => taken, {
      onPrepare: () => new Promise<void>((resolve) => (free = resolve)),
    });
    const plans = await plansOf(await sends(['m1']), channel);
    const results = await handOversBy(channel, 20).batch(plans);
    expect(results).toEqual([{ messageId: mid('m1'), state: 'again', why: 'withdrawn' }]);
    free();
    await waitFor('the slot back', () => channel.released === 1);
    expect(channel.begun).toEqual([]);
    expect(await world.types('m1')).toEqual(['message-accepted']);
  });
});

describe('turns before the call', () => {
  it('are sixteen at once: what waits for one has read nothing', async () => {
    let answer: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    let prepared = 0;
    const channel = fakeChannel(() => taken, {
      onPrepare: () => {
        prepared += 1;
        return answered;
      },
    });
    const names = Array.from({ length: 40 }, (_, n) => `m${String(n)}`);
    const plans = await plansOf(await sends(names), channel);
    const reads = vi.spyOn(world.ledger, 'readStream');
    const batch = handOversBy(channel).batch(plans);
    await waitFor('the first ones', () => prepared === 16);
    const read = new Set(
      reads.mock.calls.map(([stream]) => stream).filter((one) => one.startsWith('message-')),
    );
    expect(read.size).toBe(16);
    answer();
    expect((await batch).every(({ state }) => state === 'ended')).toBe(true);
    expect(prepared).toBe(40);
  });

  it('end with the call: a slow gateway gets more calls than there are turns', async () => {
    let answer: (outcome: HandOverOutcome) => void = () => undefined;
    const answered = new Promise<HandOverOutcome>((resolve) => (answer = resolve));
    const channel = fakeChannel(() => answered);
    const names = Array.from({ length: 40 }, (_, n) => `m${String(n)}`);
    const batch = handOversBy(channel).batch(await plansOf(await sends(names), channel));
    await waitFor('all calls', () => channel.begun.length === 40);
    answer(taken);
    expect((await batch).every(({ state }) => state === 'ended')).toBe(true);
  });
});

describe('a shutdown', () => {
  it('waits for calls that run and begins no others', async () => {
    let answer: (outcome: HandOverOutcome) => void = () => undefined;
    const channel = fakeChannel(() => new Promise<HandOverOutcome>((resolve) => (answer = resolve)));
    const handOvers = handOversBy(channel);
    const [running, next] = await plansOf(await sends(['m1', 'm2']), channel);
    if (running === undefined || next === undefined) throw new Error('no plans');
    const first = handOvers.one(running);
    await waitFor('the call', () => channel.begun.length === 1);
    let stopped = false;
    const stop = handOvers.stopNew().then(() => (stopped = true));
    await expect(handOvers.one(next)).rejects.toThrow(Stopping);
    await expect(handOvers.batch([next])).rejects.toThrow(Stopping);
    expect(stopped).toBe(false);
    answer(taken);
    await stop;
    expect(await first).toMatchObject({ state: 'ended' });
    expect(await world.types('m1')).toContain('message-dispatched');
    expect(await world.types('m2')).toEqual(['message-accepted']);
  });

  it('gives a batch back whole when some of it had not begun', async () => {
    let free: () => void = () => undefined;
    const channel = fakeChannel(() => taken, {
      onPrepare: ({ messageId }) =>
        messageId === mid('m2') ? new Promise<void>((resolve) => (free = resolve)) : Promise.resolve(),
    });
    const handOvers = handOversBy(channel);
    const batch = handOvers.batch(await plansOf(await sends(['m1', 'm2']), channel));
    await waitFor('the first one', async () => (await world.types('m1')).includes('message-dispatched'));
    const stop = handOvers.stopNew();
    free();
    await expect(batch).rejects.toThrow(Stopping);
    await stop;
  });
});

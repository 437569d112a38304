import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { lastEventReader } from '../../../../activities/messages/decision-facts.js';
import { handOver, type HandOverDeps } from '../../../../activities/messages/hand-over.js';
import { readMessages } from '../../../../activities/messages/read-messages.js';
import type { Channel, HandOverOutcome } from '../../../../channels/channel.js';
import type { MessageEvent } from '../../../../domain/events/events.js';
import type { OwedMessage } from '../../../../domain/owed.js';
import type { ChannelSettings } from '../../../../domain/settings.js';
import { SCHEMA_CODEC } from '../../../../ledger/event-codec.js';
import { createMemoryLedger } from '../../../../ledger/memory/memory-ledger.js';
import { messageStream } from '../../../../ledger/streams.js';
import { planMessage } from '../../../../workflows/plan-message.js';
import { appState, fakeChannel, taken, World } from '../../../worlds/hand-over-world.js';

let world: World;
beforeEach(() => {
  world = new World(createMemoryLedger(SCHEMA_CODEC));
});

const never = new AbortController().signal;
const gateway = (url: string, sealedSecret = 's'): ChannelSettings => ({
  ...{ type: 'http', url, sealedSecret, idempotent: true },
});

async function act(item: OwedMessage, channel: Channel): Promise<unknown> {
  const { ledger, clock } = world;
  const readLast = lastEventReader(ledger);
  const deps: HandOverDeps = { ledger, clock, newId: randomUUID, channelFor: () => channel, readLast };
  const read = await readMessages(deps, [item]);
  const [message] = read.messages;
  const step = message === undefined ? undefined : planMessage(read, message);
  if (step?.step !== 'act') throw new Error(`nothing to do: ${JSON.stringify(step)}`);
  return handOver(deps, step.plan, { signal: never });
}

/** A message whose process died in the middle of its call to this gateway; the wait for its outcome is over. */
async function lostAt(channel: ChannelSettings, idempotent = true): Promise<OwedMessage> {
  await world.configure(appState({}, { channel }));
  const item = await world.send('m1', 'c1');
  const hanging = fakeChannel(() => new Promise<HandOverOutcome>(() => undefined), { idempotent });
  void act(item, hanging);
  while (hanging.begun.length === 0) await new Promise(setImmediate);
  world.now += 10_000;
  return item;
}

describe('the repeat of a hand-over whose outcome nobody knows', () => {
  it.each([
    ['another type of channel', { type: 'simulator' } as const, false],
    ['another gateway', gateway('https://old.example/in'), true],
  ])('is not made where the first call went to %s', async (_what, before, idempotent) => {
    const item = await lostAt(before, idempotent);
    await world.configure(appState({}, { channel: gateway('https://new.example/in') }));
    const channel = fakeChannel(() => taken, { idempotent: true });
    expect(await act(item, channel)).toMatchObject({ state: 'ended', as: 'failed' });
    expect(channel.begun).toEqual([]);
    expect((await world.events('m1')).at(-1)?.data).toMatchObject({ reason: 'DELIVERY_TIMED_OUT' });
  });

  it('is not made either after a repeat that was refused, once the gateway is another one', async () => {
    const item = await lostAt(gateway('https://old.example/in'));
    const busy = { outcome: 'not-taken', class: 'busy', retryAfterMs: null } as const;
    expect(
      await act(
        item,
        fakeChannel(() => busy, { idempotent: true }),
      ),
    ).toMatchObject({
      state: 'waiting',
    });
    world.now += 60_000;
    await world.configure(appState({}, { channel: { type: 'simulator' } }));
    const channel = fakeChannel(() => taken);
    expect(await act(item, channel)).toMatchObject({ state: 'ended', as: 'failed' });
    expect(channel.begun).toEqual([]);
  });

  it('is made at the same gateway, also with a new secret', async () => {
    const item = await lostAt(gateway('https://old.example/in'));
    await world.configure(appState({}, { channel: gateway('https://old.example/in', 'new') }));
    const channel = fakeChannel(() => taken, { idempotent: true });
    expect(await act(item, channel)).toMatchObject({ state: 'ended', as: 'dispatched' });
  });
});

describe('a message that was refused for days', () => {
  it('is still handed over when its stream has more events than one read returns', async () => {
    await world.configure(appState());
    const item = await world.send('m1', 'c1', { expiresInMs: 14 * 86_400_000 });
    const busy = { outcome: 'not-taken', class: 'busy', retryAfterMs: null } as const;
    await act(
      item,
      fakeChannel(() => busy),
    );
    const stream = messageStream(item.messageId);
    const pair = (await world.events('m1')).slice(1);
    for (let attempt = 2; attempt <= 505; attempt++) {
      const again = pair.map((event) => ({
        ...{ ...event, id: randomUUID(), data: { ...event.data, attempt } },
      })) as MessageEvent[];
      await world.ledger.append(stream, again, (attempt - 1) * 2);
    }
    world.now += 600_000;
    const channel = fakeChannel(() => taken);
    expect(await act(item, channel)).toMatchObject({ state: 'ended', as: 'dispatched' });
    expect(channel.begun).toMatchObject([{ attempt: 506 }]);
  });
});

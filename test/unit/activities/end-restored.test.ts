import { beforeEach, describe, expect, it } from 'vitest';
import { endRestoredMessage, parkRestoredCallback } from '../../../activities/end-restored.js';
import { SCHEMA_CODEC } from '../../../ledger/event-codec.js';
import { createMemoryLedger } from '../../../ledger/memory/memory-ledger.js';
import { messageStream } from '../../../ledger/streams.js';
import { answered, callbackWorld, only } from '../../worlds/callback-world.js';
import { APP, appState, mid, PROJECT, World } from '../../worlds/hand-over-world.js';

let world: World;
const ends = async (name: string) =>
  (await world.events(name)).map((event) =>
    event.type === 'message-failed' ? event.data.reason : event.type,
  );

beforeEach(async () => {
  world = new World(createMemoryLedger(SCHEMA_CODEC));
  await world.configure(appState());
});

describe('an owed message of a restored ledger', () => {
  it('ends as failed, once', async () => {
    const item = await world.send('m1', 'c1');
    expect(await endRestoredMessage(world, item)).toBe('failed');
    expect(await endRestoredMessage(world, item)).toBe('ended');
    expect(await ends('m1')).toEqual(['message-accepted', 'restored']);
  });

  it('ends with the number of its last try, also where the outcome of that is not known', async () => {
    const item = await world.send('m1', 'c1');
    await world.append(messageStream(mid('m1')), {
      type: 'message-handing-over',
      data: {
        ...{ projectId: PROJECT, appId: APP, messageId: mid('m1'), attempt: 3, channelType: 'http' },
        permit: { app: { stream: 'app-1', revision: 0 }, contacts: [] },
      },
    } as never);
    await endRestoredMessage(world, item);
    expect((await world.events('m1')).at(-1)?.data).toMatchObject({ attempt: 3, reason: 'restored' });
  });

  it('is never recorded before what it follows', async () => {
    const item = await world.send('m1', 'c1');
    const [accepted] = await world.events('m1');
    world.now -= 60_000;
    await endRestoredMessage(world, item);
    expect((await world.events('m1')).at(-1)?.meta.recordedAt).toBe(accepted?.meta.recordedAt);
  });

  it('is dropped where it is a reply, which gets its stream then', async () => {
    const item = await world.reply('r1', 'c1', 'OPT_OUT');
    expect(await endRestoredMessage(world, item)).toBe('dropped');
    expect(await endRestoredMessage(world, item)).toBe('ended');
    expect(await ends('r1')).toEqual(['message-accepted', 'reply-restored']);
  });

  it('gives each event the same id wherever it is written', async () => {
    const [other, ids] = [new World(createMemoryLedger(SCHEMA_CODEC)), new Set<string | undefined>()];
    for (const one of [world, other]) {
      await endRestoredMessage(one, await one.send('m1', 'c1'));
      ids.add((await one.events('m1')).at(-1)?.id);
    }
    expect(ids.size).toBe(1);
  });
});

describe('an owed callback of a restored ledger', () => {
  it('is parked, once, and no longer posted', async () => {
    const callbacks = await callbackWorld();
    const item = only(await callbacks.inbound('hello'));
    expect(await parkRestoredCallback(callbacks, item)).toBe(true);
    expect(await parkRestoredCallback(callbacks, item)).toBe(false);
    expect(await callbacks.events(item.callbackId)).toMatchObject([
      { type: 'callback-parked', data: { reason: 'restored', attempts: 0, last: null } },
    ]);
    expect(await callbacks.poster.postCallback(item)).toMatchObject({
      state: 'parked',
    });
    expect(callbacks.sender.calls).toEqual([]);
  });

  it('keeps the tries that it had', async () => {
    const callbacks = await callbackWorld();
    const item = only(await callbacks.inbound('hello'));
    callbacks.sender.answer = () => answered(503);
    await callbacks.poster.postCallbacks([item]);
    await parkRestoredCallback(callbacks, item);
    expect((await callbacks.events(item.callbackId)).at(-1)?.data).toMatchObject({
      reason: 'restored',
      attempts: 1,
    });
  });

  it('is a fault where the ledger does not hold what it tells', async () => {
    const callbacks = await callbackWorld();
    const item = only(await callbacks.inbound('hello'));
    await expect(parkRestoredCallback(callbacks, { ...item, revision: 99 })).rejects.toThrow('event-missing');
  });
});

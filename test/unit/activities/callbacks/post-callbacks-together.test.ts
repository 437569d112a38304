import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { HttpAnswer } from '../../../../http-client/http-sender.js';
import type { OwedCallback } from '../../../../domain/owed.js';
import {
  answered,
  callbackWorld,
  faulted,
  later,
  nextTurns,
  only,
  states,
  stopsIn,
  type CallbackWorld,
} from '../../../worlds/callback-world.js';

let world: CallbackWorld;
beforeEach(async () => {
  world = await callbackWorld();
});

describe('post callbacks: order over batches', () => {
  async function stopThenStart(): Promise<[OwedCallback, OwedCallback]> {
    const [, optOut] = await world.inbound('STOP');
    const [, optIn] = await world.inbound('START');
    if (optOut === undefined || optIn === undefined) throw new Error('nothing owed');
    return [optOut, optIn];
  }

  it('is behind while the one before waits, looks again when that is due, and goes after 5 minutes', async () => {
    const [optOut, optIn] = await stopThenStart();
    world.sender.answer = () => answered(500);
    const [first] = await world.poster.postCallbacks([optOut]);
    if (first?.state !== 'waiting') throw new Error('not waiting');
    world.sender.answer = () => answered(200);
    const until = new Date(Date.parse(first.nextAttemptAt) + 1_000).toISOString();
    const behind = { callbackId: optIn.callbackId, state: 'behind', attempts: 0, until };
    expect(await world.poster.postCallbacks([optIn])).toEqual([behind]);
    expect(await world.poster.postCallback(optIn)).toEqual(behind);
    world.clock.ms += 300_000;
    expect(await world.poster.postCallback(optIn)).toMatchObject({ state: 'delivered' });
  });

  it('looks again soon while the one before was not tried', async () => {
    const [, optIn] = await stopThenStart();
    const until = new Date(world.clock.ms + 1_000).toISOString();
    expect(await world.poster.postCallback(optIn)).toMatchObject({ state: 'behind', until });
  });

  it('goes when the one before was parked', async () => {
    const [optOut, optIn] = await stopThenStart();
    world.sender.answer = () => answered(400);
    await world.poster.postCallback(optOut);
    world.sender.answer = () => answered(200);
    expect(await world.anotherPoster().postCallback(optIn)).toMatchObject({ state: 'delivered' });
  });

  it('waits in the process for one that is under way', async () => {
    const [optOut, optIn] = await stopThenStart();
    const { promise, resolve } = later<HttpAnswer>();
    world.sender.answer = () => promise;
    const first = world.poster.postCallbacks([optOut]);
    await nextTurns();
    const second = world.poster.postCallbacks([optIn]);
    await nextTurns();
    expect(world.sender.calls).toHaveLength(1);
    resolve(answered(200));
    expect(states([...(await first), ...(await second)])).toEqual({ delivered: 2 });
    expect(world.sender.calls.map(({ headers }) => headers['optledger-delivery-id'])).toEqual([
      optOut.callbackId,
      optIn.callbackId,
    ]);
  });
});

describe('post callbacks: two at the same callback', () => {
  it('takes what stands for the outcome where somebody else was faster', async () => {
    const item = only(await stopsIn(world, 1));
    const other = world.anotherPoster();
    world.sender.answer = async () => {
      world.sender.answer = () => answered(500);
      await other.postCallback(item);
      return answered(200);
    };
    // The other process recorded a failure as attempt 1: the success is attempt 2.
    expect(await world.poster.postCallbacks([item])).toMatchObject([{ state: 'delivered', attempts: 2 }]);
    expect((await world.events(item.callbackId)).map(({ type }) => type)).toEqual([
      'callback-attempted',
      'callback-delivered',
    ]);
  });

  it('adds nothing to a callback that has ended', async () => {
    const item = only(await stopsIn(world, 1));
    const other = world.anotherPoster();
    world.sender.answer = async () => {
      world.sender.answer = () => answered(200);
      await other.postCallback(item);
      return answered(200);
    };
    expect(await world.poster.postCallbacks([item])).toMatchObject([{ state: 'delivered', attempts: 1 }]);
    expect(await world.events(item.callbackId)).toHaveLength(1);
  });

  it('adds no failure to somebody else’s outcome', async () => {
    const item = only(await stopsIn(world, 1));
    const other = world.anotherPoster();
    world.sender.answer = async () => {
      world.sender.answer = () => answered(500);
      await other.postCallback(item);
      return answered(503);
    };
    expect(await world.poster.postCallbacks([item])).toMatchObject([{ state: 'waiting', attempts: 1 }]);
    expect(await world.events(item.callbackId)).toHaveLength(1);
  });
});

describe('post callback: one that has to wait', () => {
  it('looks again later when its endpoint is full, and loses no place', async () => {
    const items = await stopsIn(world, 40);
    const { promise, resolve } = later<HttpAnswer>();
    world.sender.answer = () => promise;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const all = items.map((item) => world.poster.postCallback(item));
    await nextTurns();
    await vi.advanceTimersByTimeAsync(5_000);
    vi.useRealTimers();
    const until = new Date(world.clock.ms + 7_000).toISOString();
    expect(await Promise.all(all.slice(32))).toMatchObject(
      Array.from({ length: 8 }, () => ({ state: 'behind', until })),
    );
    resolve(answered(200));
    expect(states(await Promise.all(all))).toEqual({ delivered: 32, behind: 8 });
    expect(states(await Promise.all(items.slice(32).map((item) => world.poster.postCallback(item))))).toEqual(
      {
        delivered: 8,
      },
    );
  });

  it('waits for a place that comes in time', async () => {
    const items = await stopsIn(world, 33);
    const { promise, resolve } = later<HttpAnswer>();
    world.sender.answer = () => promise;
    const all = items.map((item) => world.poster.postCallback(item));
    await nextTurns();
    expect(world.sender.calls).toHaveLength(32);
    resolve(answered(200));
    expect(states(await Promise.all(all))).toEqual({ delivered: 33 });
  });

  it('waits here for an attempt that is due within two seconds', async () => {
    const item = only(await stopsIn(world, 1));
    world.sender.answer = () => answered(500);
    const first = await world.poster.postCallback(item);
    if (first.state !== 'waiting') throw new Error('not waiting');
    world.clock.ms = Date.parse(first.nextAttemptAt) - 20;
    world.sender.answer = () => answered(200);
    setTimeout(() => (world.clock.ms += 20), 10);
    expect(await world.poster.postCallback(item)).toMatchObject({ state: 'delivered', attempts: 2 });
  });

  it('makes one request when it is asked twice at once', async () => {
    const item = only(await stopsIn(world, 1));
    const both = [world.poster.postCallback(item), world.poster.postCallback(item)];
    expect(states(await Promise.all(both))).toEqual({ delivered: 2 });
    expect(world.sender.calls).toHaveLength(1);
  });
});

describe('post callbacks: stopping', () => {
  it('begins nothing more, aborts what is left after the grace and waits for it', async () => {
    const items = await stopsIn(world, 3);
    const { promise, resolve } = later<HttpAnswer>();
    world.sender.answer = () => promise;
    const batch = world.poster.postCallbacks(items.slice(0, 2));
    await nextTurns();
    const stopped = world.poster.abort(10);
    await expect(world.poster.postCallback(items[2] as OwedCallback)).rejects.toMatchObject({
      message: 'stopping',
    });
    expect(states(await world.poster.postCallbacks(items.slice(2)))).toEqual({ skipped: 1 });
    await vi.waitFor(() => {
      expect(world.sender.aborted).toBe(true);
    });
    resolve(faulted('aborted'));
    await stopped;
    expect(states(await batch)).toEqual({ faulted: 2 });
    for (const { callbackId } of items) expect(await world.events(callbackId)).toEqual([]);
  });

  it('resolves at once when nothing is under way', async () => {
    await world.poster.abort(3_000);
    expect(world.sender.aborted).toBe(false);
  });
});

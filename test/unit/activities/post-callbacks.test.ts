import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { HttpAnswer } from '../../../channels/http-sender.js';
import type { OwedCallback } from '../../../domain/owed.js';
import { LedgerUnavailable } from '../../../ledger/errors.js';
import type { Ledger } from '../../../ledger/ledger.js';
import { answered, callbackWorld, endpoint, faulted, later, type CallbackWorld } from './callback-world.js';

let world: CallbackWorld;
beforeEach(async () => { world = await callbackWorld(); });

async function stops(count: number, endpointId = 'ep1', of = world): Promise<OwedCallback[]> {
  const items: OwedCallback[] = [];
  for (let i = 0; i < count; i++) {
    const [, optOut] = await of.inbound('STOP', `46${endpointId === 'ep1' ? '70' : '72'}000${String(i).padStart(4, '0')}`, endpointId);
    if (optOut !== undefined) items.push(optOut);
  }
  return items;
}
const states = (results: readonly { state: string }[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { state } of results) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
};
const nextTurns = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await new Promise(setImmediate);
};

describe('post callbacks: a batch', () => {
  it('delivers all, at most 32 at once per endpoint, one event each, a result in each place', async () => {
    const items = [...(await stops(60)), ...(await stops(10, 'ep2'))];
    let underWay = 0;
    let most = 0;
    world.sender.answer = async ({ url }) => {
      const counts = url.includes('ep1') ? 1 : 0;
      underWay += counts;
      most = Math.max(most, underWay);
      await nextTurns();
      underWay -= counts;
      return answered(200);
    };
    const results = await world.poster.postCallbacks(items);
    expect(results.map(({ callbackId }) => callbackId)).toEqual(items.map(({ callbackId }) => callbackId));
    expect(states(results)).toEqual({ delivered: 70 });
    expect(most).toBe(32);
    for (const { callbackId } of items) expect(await world.events(callbackId)).toHaveLength(1);
  });

  it('reads an app once, a stream once, and no callback before a first try', async () => {
    const read: string[] = [];
    world = await callbackWorld((inner) => ({
      ...inner,
      readStream: (stream, query) => {
        read.push(stream.replace(/-.*/u, ''));
        return inner.readStream(stream, query);
      },
    }));
    const both = await world.inbound('STOP');
    const items = [...both, ...(await world.inbound('HELLO', '46700000009'))];
    read.length = 0;
    expect(states(await world.poster.postCallbacks(items))).toEqual({ delivered: 3 });
    expect(read).toEqual(['app', 'contact', 'contact']);
  });

  it('posts those of one contact and endpoint in their order', async () => {
    const first = await world.inbound('STOP');
    const second = await world.inbound('START');
    const third = await world.inbound('STOP');
    const items = [...first, ...second, ...third];
    world.sender.answer = async (call) => {
      await nextTurns();
      return answered(200, { excerpt: String(call.body) });
    };
    expect(states(await world.poster.postCallbacks(items))).toEqual({ delivered: 6 });
    const revisions = world.sender.calls.map(({ headers }) => Number(headers['optledger-sequence']));
    expect(revisions).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('gives one item that cannot be built its own fault, and delivers the others', async () => {
    const items = await stops(20);
    const poison = { ...items[7], revision: 99 } as OwedCallback;
    items[7] = poison;
    const results = await world.poster.postCallbacks(items);
    expect(states(results)).toEqual({ delivered: 19, faulted: 1 });
    expect(results[7]).toEqual({ callbackId: poison.callbackId, state: 'faulted', attempts: 0, code: 'event-missing' });
  });

  it('never rejects: a ledger that is down faults the items with a code', async () => {
    let down = false;
    const broken = (inner: Ledger): Ledger => ({
      ...inner,
      append: (...call) => (down ? Promise.reject(new LedgerUnavailable('secret detail')) : inner.append(...call)),
    });
    world = await callbackWorld(broken);
    const items = await stops(3);
    down = true;
    const results = await world.poster.postCallbacks(items);
    expect(new Set(results.map((result) => (result.state === 'faulted' ? result.code : result.state)))).toEqual(
      new Set(['LedgerUnavailable']),
    );
    await expect(world.poster.postCallback(items[0] as OwedCallback)).rejects.toMatchObject({ message: 'LedgerUnavailable' });
  });

  it('leaves an endpoint alone for 60 s after a time-out, and the others not', async () => {
    const [slow, other] = [await stops(3), await stops(3, 'ep2')];
    world.sender.answer = ({ url }) => (url.includes('ep1') ? faulted('timeout') : answered(200));
    expect(states(await world.poster.postCallbacks(slow.slice(0, 1)))).toEqual({ waiting: 1 });
    const rest = [...slow.slice(1), ...other];
    expect(states(await world.poster.postCallbacks(rest))).toEqual({ skipped: 2, delivered: 3 });
    world.clock.ms += 60_000;
    world.sender.answer = () => answered(200);
    expect(states(await world.poster.postCallbacks(slow.slice(1)))).toEqual({ delivered: 2 });
  });

  it('asks the ledger first when it is told to', async () => {
    const items = await stops(2);
    await world.poster.postCallbacks(items.slice(0, 1));
    const results = await world.anotherPoster().postCallbacks(items, undefined, { lookUp: true });
    expect(states(results)).toEqual({ delivered: 2 });
    expect(world.sender.calls).toHaveLength(2);
  });
});

describe('post callbacks: after a second', () => {
  it('returns with what runs, skips what has not begun, and records what ends later', async () => {
    const items = await stops(40);
    const { promise, resolve } = later<HttpAnswer>();
    world.sender.answer = () => promise;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const batch = world.poster.postCallbacks(items);
    await nextTurns();
    await vi.advanceTimersByTimeAsync(1_000);
    vi.useRealTimers();
    const results = await batch;
    expect(states(results)).toEqual({ running: 32, skipped: 8 });
    expect(results[0]).toMatchObject({ until: new Date(world.clock.ms + 20_000).toISOString() });

    const joined = world.poster.postCallback(items[0] as OwedCallback);
    const elsewhere = await world.anotherPoster().postCallback(items[0] as OwedCallback, '2026-01-02T03:04:25.678Z');
    expect(elsewhere).toMatchObject({ state: 'running', until: '2026-01-02T03:04:25.678Z' });
    resolve(answered(200));
    expect(await joined).toMatchObject({ state: 'delivered', attempts: 1 });
    await nextTurns();
    for (const { callbackId } of items.slice(0, 32)) expect(await world.events(callbackId)).toHaveLength(1);
    expect(world.sender.calls).toHaveLength(32);
    // Nobody's place was lost.
    expect(states(await world.poster.postCallbacks(items.slice(32)))).toEqual({ delivered: 8 });
  });

  it('returns at once when it is aborted', async () => {
    const items = await stops(1);
    const abort = new AbortController();
    world.sender.answer = () => later<HttpAnswer>().promise;
    const batch = world.poster.postCallbacks(items, abort.signal);
    await nextTurns();
    abort.abort();
    expect(states(await batch)).toEqual({ running: 1 });
    expect(states(await world.poster.postCallbacks(await stops(1, 'ep2'), abort.signal))).toEqual({ skipped: 1 });
  });
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
    const [item] = await stops(1);
    if (item === undefined) throw new Error('nothing owed');
    const other = world.anotherPoster();
    world.sender.answer = async () => {
      world.sender.answer = () => answered(500);
      await other.postCallback(item);
      return answered(200);
    };
    // The other process recorded a failure as attempt 1: the success is attempt 2.
    expect(await world.poster.postCallbacks([item])).toMatchObject([{ state: 'delivered', attempts: 2 }]);
    expect((await world.events(item.callbackId)).map(({ type }) => type)).toEqual(['callback-attempted', 'callback-delivered']);
  });

  it('adds no failure to somebody else’s outcome', async () => {
    const [item] = await stops(1);
    if (item === undefined) throw new Error('nothing owed');
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

describe('post callbacks: stopping', () => {
  it('begins nothing more, aborts what is left after the grace and waits for it', async () => {
    const items = await stops(3);
    const { promise, resolve } = later<HttpAnswer>();
    world.sender.answer = () => promise;
    const batch = world.poster.postCallbacks(items.slice(0, 2));
    await nextTurns();
    const stopped = world.poster.abort(10);
    await expect(world.poster.postCallback(items[2] as OwedCallback)).rejects.toMatchObject({ message: 'stopping' });
    expect(states(await world.poster.postCallbacks(items.slice(2)))).toEqual({ skipped: 1 });
    await vi.waitFor(() => { expect(world.sender.aborted).toBe(true); });
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

describe('post callbacks: the endpoint as it is now', () => {
  it('parks without a request in a batch too', async () => {
    const items = await stops(2);
    await world.configure({ endpoints: [endpoint('ep2')] });
    expect(states(await world.poster.postCallbacks(items))).toEqual({ parked: 2 });
    expect(world.sender.calls).toEqual([]);
  });
});

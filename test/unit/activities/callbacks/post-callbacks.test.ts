import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { HttpAnswer } from '../../../../http-client/http-sender.js';
import type { OwedCallback } from '../../../../domain/owed.js';
import { LedgerUnavailable } from '../../../../ledger/errors.js';
import type { Ledger } from '../../../../ledger/ledger.js';
import {
  answered,
  callbackWorld,
  endpoint,
  faulted,
  later,
  nextTurns,
  states,
  stopsIn,
  type CallbackWorld,
} from '../../../worlds/callback-world.js';

let world: CallbackWorld;
beforeEach(async () => {
  world = await callbackWorld();
});

describe('post callbacks: a batch', () => {
  it('delivers all, at most 32 at once per endpoint, one event each, a result in each place', async () => {
    const items = [...(await stopsIn(world, 60)), ...(await stopsIn(world, 10, 'ep2'))];
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
    const items = await stopsIn(world, 20);
    const poison = { ...items[7], revision: 99 } as OwedCallback;
    items[7] = poison;
    const results = await world.poster.postCallbacks(items);
    expect(states(results)).toEqual({ delivered: 19, faulted: 1 });
    expect(results[7]).toEqual({
      callbackId: poison.callbackId,
      state: 'faulted',
      attempts: 0,
      code: 'event-missing',
    });
  });

  it('never rejects: a ledger that is down faults the items with a code', async () => {
    let down = false;
    const broken = (inner: Ledger): Ledger => ({
      ...inner,
      append: (...call) =>
        down ? Promise.reject(new LedgerUnavailable('secret detail')) : inner.append(...call),
    });
    world = await callbackWorld(broken);
    const items = await stopsIn(world, 3);
    down = true;
    const results = await world.poster.postCallbacks(items);
    expect(
      new Set(results.map((result) => (result.state === 'faulted' ? result.code : result.state))),
    ).toEqual(new Set(['LedgerUnavailable']));
    await expect(world.poster.postCallback(items[0] as OwedCallback)).rejects.toMatchObject({
      message: 'LedgerUnavailable',
    });
  });

  it('leaves an endpoint alone for 60 s after a time-out, and the others not', async () => {
    const [slow, other] = [await stopsIn(world, 3), await stopsIn(world, 3, 'ep2')];
    world.sender.answer = ({ url }) => (url.includes('ep1') ? faulted('timeout') : answered(200));
    expect(states(await world.poster.postCallbacks(slow.slice(0, 1)))).toEqual({ waiting: 1 });
    const rest = [...slow.slice(1), ...other];
    expect(states(await world.poster.postCallbacks(rest))).toEqual({ skipped: 2, delivered: 3 });
    world.clock.ms += 60_000;
    world.sender.answer = () => answered(200);
    expect(states(await world.poster.postCallbacks(slow.slice(1)))).toEqual({ delivered: 2 });
  });

  it('asks the ledger first when it is told to', async () => {
    const items = await stopsIn(world, 2);
    await world.poster.postCallbacks(items.slice(0, 1));
    const results = await world.anotherPoster().postCallbacks(items, undefined, { lookUp: true });
    expect(states(results)).toEqual({ delivered: 2 });
    expect(world.sender.calls).toHaveLength(2);
  });
});

describe('post callbacks: after a second in which nothing ended', () => {
  /** A batch that nobody answers, so many milliseconds after it began. */
  async function hangingFor(ms: number) {
    const items = await stopsIn(world, 40);
    const { promise, resolve } = later<HttpAnswer>();
    world.sender.answer = () => promise;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const batch = world.poster.postCallbacks(items);
    await nextTurns();
    await vi.advanceTimersByTimeAsync(ms);
    vi.useRealTimers();
    return { items, batch, resolve };
  }

  it('returns with what runs, says what has not begun, and records what ends later', async () => {
    const { items, batch, resolve } = await hangingFor(2_000);
    const results = await batch;
    expect(states(results)).toEqual({ running: 32, late: 8 });
    expect(results[0]).toMatchObject({ until: new Date(world.clock.ms + 20_000).toISOString() });

    const joined = world.poster.postCallback(items[0] as OwedCallback);
    const elsewhere = await world
      .anotherPoster()
      .postCallback(items[0] as OwedCallback, '2026-01-02T03:04:25.678Z');
    expect(elsewhere).toMatchObject({ state: 'running', until: '2026-01-02T03:04:25.678Z' });
    resolve(answered(200));
    expect(await joined).toMatchObject({ state: 'delivered', attempts: 1 });
    await nextTurns();
    for (const { callbackId } of items.slice(0, 32)) expect(await world.events(callbackId)).toHaveLength(1);
    expect(world.sender.calls).toHaveLength(32);
    // Nobody's place was lost.
    expect(states(await world.poster.postCallbacks(items.slice(32)))).toEqual({ delivered: 8 });
  });

  it('begins nothing more, and waits a second for what is under way', async () => {
    const { batch, resolve } = await hangingFor(1_000);
    resolve(answered(200));
    expect(states(await batch)).toEqual({ delivered: 32, late: 8 });
    expect(world.sender.calls).toHaveLength(32);
  });

  it('returns at once when it is aborted', async () => {
    const items = await stopsIn(world, 1);
    const abort = new AbortController();
    world.sender.answer = () => later<HttpAnswer>().promise;
    const batch = world.poster.postCallbacks(items, abort.signal);
    await nextTurns();
    abort.abort();
    expect(states(await batch)).toEqual({ running: 1 });
    expect(states(await world.poster.postCallbacks(await stopsIn(world, 1, 'ep2'), abort.signal))).toEqual({
      late: 1,
    });
  });
});

describe('post callbacks: the endpoint as it is now', () => {
  it('parks without a request in a batch too', async () => {
    const items = await stopsIn(world, 2);
    await world.configure({ endpoints: [endpoint('ep2')] });
    expect(states(await world.poster.postCallbacks(items))).toEqual({ parked: 2 });
    expect(world.sender.calls).toEqual([]);
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { StartUnavailable } from '../../../reactor/errors.js';
import { ReactorWorld, settle } from '../../worlds/reactor-world.js';

let world: ReactorWorld;
beforeEach(() => {
  world = new ReactorWorld();
});

const sizes = (): number[] => world.batches.map(({ items }) => items.length);

describe('batches of a lane', () => {
  it('begin at once when the lane is idle, one item or many', async () => {
    const reactor = await world.started();
    world.owe(1);
    reactor.wake();
    await settle();
    expect(sizes()).toEqual([1]);
    world.oweMany(2, 6);
    reactor.wake();
    await settle();
    expect(sizes()).toEqual([1, 5]);
    await reactor.stop();
  });

  it('wait while two run; the next one begins when one of them ends', async () => {
    const reactor = await world.started();
    for (const position of [1, 2, 3, 4]) {
      world.owe(position);
      reactor.wake();
      await settle();
    }
    expect(sizes()).toEqual([1, 1]);
    world.batches[0]?.end();
    await world.time.pass(20);
    expect(sizes()).toEqual([1, 1, 2]);
    await reactor.stop();
  });

  it('wait 250 ms at most after the last one began', async () => {
    const reactor = await world.started();
    for (const position of [1, 2, 3]) {
      world.owe(position);
      reactor.wake();
      await settle();
    }
    await world.time.pass(249);
    expect(sizes()).toEqual([1, 1]);
    await world.time.pass(21);
    expect(sizes()).toEqual([1, 1, 1]);
    await reactor.stop();
  });

  it('begin less often the more of them run, and then hold more', async () => {
    const reactor = await world.started();
    const begun: number[] = [];
    for (let position = 1; position <= 40; position += 1) {
      world.owe(position);
      reactor.wake();
      await world.time.pass(125);
      begun.push(world.batches.length);
    }
    // Nothing ends in these five seconds: at 250 ms each, 21 would have begun.
    expect(begun.at(-1)).toBeLessThan(11);
    expect(sizes().slice(-1)[0]).toBeGreaterThan(3);
    await reactor.stop();
  });

  it('hold every item once, in order', async () => {
    const reactor = await world.started();
    world.oweMany(1, 1_000);
    reactor.wake();
    for (let round = 0; round < 50; round++) {
      for (const batch of world.batches) batch.end();
      await world.time.pass(25);
    }
    const ids = world.batched().flat();
    expect(ids).toEqual(Array.from({ length: 1_000 }, (_, n) => `m${String(n + 1)}`));
    expect(new Set(world.batches.map(({ id }) => id)).size).toBe(world.batches.length);
    await reactor.stop();
  });

  it('begin without a wake-up after a second', async () => {
    const reactor = await world.started();
    world.owe(1);
    await world.time.pass(1_000);
    expect(sizes()).toEqual([1]);
    await reactor.stop();
  });

  it('never stand behind those of another lane', async () => {
    const reactor = await world.started();
    world.oweMany(1, 5_000);
    reactor.wake();
    await world.time.pass(3_000);
    const before = world.batches.length;
    world.oweReply(6_000, 'reply');
    world.oweCallback(6_001, 'callback', 'e1');
    reactor.wake();
    await settle();
    const since = world.batches.slice(before);
    expect(since.map(({ lane, ids }) => [lane, ids])).toEqual([
      ['replies', ['reply']],
      ['callbacks', ['callback']],
    ]);
    await reactor.stop();
  });
});

describe('a start that fails', () => {
  it('because nothing answers is tried again, ever later, and does not make the reactor unready', async () => {
    const reactor = await world.started();
    let tries = 0;
    world.fault = () => {
      tries += 1;
      return new StartUnavailable('no connection');
    };
    world.owe(1);
    reactor.wake();
    await world.time.pass(20_000);
    expect(tries).toBeGreaterThan(5);
    expect(tries).toBeLessThan(12);
    expect(reactor.status().ready).toBe(true);
    world.fault = undefined;
    await world.time.pass(5_000);
    expect(sizes()).toEqual([1]);
    await reactor.stop();
  });

  it('for another reason makes the reactor unready with the cause, until it works', async () => {
    const reactor = await world.started();
    world.fault = () => new Error('namespace is not found');
    world.owe(1);
    reactor.wake();
    await settle();
    expect(reactor.status()).toMatchObject({
      ready: false,
      cause: 'messages: Error: namespace is not found',
    });
    world.fault = undefined;
    await world.time.pass(1_000);
    expect(sizes()).toEqual([1]);
    expect(reactor.status()).toMatchObject({ ready: true, cause: null });
    await reactor.stop();
    expect(reactor.status().ready).toBe(false);
  });

  it('does not hurry because new work comes in', async () => {
    const reactor = await world.started();
    let tries = 0;
    world.fault = () => {
      tries += 1;
      return new StartUnavailable('no connection');
    };
    for (let position = 1; position < 50; position++) {
      world.owe(position);
      reactor.wake();
      await settle();
    }
    expect(tries).toBe(1);
    await reactor.stop();
  });
});

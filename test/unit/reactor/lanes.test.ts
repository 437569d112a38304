import { beforeEach, describe, expect, it } from 'vitest';
import { StartUnavailable } from '../../../reactor/errors.js';
import { loadLaneCursor, saveLaneCursor } from '../../../reactor/lane-cursor.js';
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
    await settle();
    expect(sizes()).toEqual([1, 1, 2]);
    await reactor.stop();
  });

  it('wait 250 ms at most after the last one began', async () => {
    const reactor = await world.started();
    world.oweMany(1, 500);
    reactor.wake();
    await settle();
    expect(sizes()).toEqual([200, 200]);
    await world.time.pass(249);
    expect(sizes()).toEqual([200, 200]);
    await world.time.pass(1);
    expect(sizes()).toEqual([200, 200, 100]);
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
    expect(sizes().slice(-1)[0]).toBeGreaterThan(6);
    await reactor.stop();
  });

  it('hold every item once, in order', async () => {
    const reactor = await world.started();
    world.oweMany(1, 1_000);
    reactor.wake();
    for (let round = 0; round < 5; round++) await world.time.pass(250);
    const ids = world.batches.flatMap(({ items }) =>
      items.map((item) => 'messageId' in item && item.messageId),
    );
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
});

describe('the cursor', () => {
  it('holds the batch before it is started', async () => {
    world.hold = new Promise(() => undefined);
    const reactor = await world.started();
    world.oweMany(1, 3);
    reactor.wake();
    await settle();
    expect(world.batches).toEqual([]);
    const stored = await loadLaneCursor(world.cursors, 'messages');
    expect(stored.after).toBe(3n);
    expect(stored.batch?.items).toHaveLength(3);
    expect(reactor.status().after.messages).toBe(3n);
  });

  it('lets a stored batch start again under the same id after a crash', async () => {
    let reactor = await world.started();
    world.oweMany(1, 3);
    reactor.wake();
    await settle();
    await reactor.stop();
    // What has ended in between is not owed any more; the batch is the stored one all the same.
    world.rows = [];
    world.owe(4);
    reactor = world.reactor();
    await reactor.start();
    await settle();
    const [first, again, next] = world.batches;
    expect(again).toMatchObject({ id: first?.id, items: first?.items });
    expect(next?.items).toHaveLength(1);
    await reactor.stop();
  });

  it('that is missing is an error with its remedy', async () => {
    await expect(world.reactor().start()).rejects.toThrow('optledger reactor set --at end|<position>');
    await world.begin(7n);
    await world.begin(9n);
    const reactor = world.reactor();
    world.oweMany(8, 10);
    await reactor.start();
    await settle();
    expect(world.batches.flatMap(({ items }) => items)).toMatchObject([{ messageId: 'm10' }]);
    await reactor.stop();
  });

  it('of somebody else fences this reactor', async () => {
    const reactor = await world.started();
    const current = await loadLaneCursor(world.cursors, 'messages');
    await saveLaneCursor(
      world.cursors,
      'messages',
      { after: 5n, batch: { id: 'b', items: [] } },
      current.version,
    );
    let takenOver = false;
    void reactor.takenOver.then(() => {
      takenOver = true;
    });
    await settle();
    expect(takenOver).toBe(false);
    world.oweMany(1, 9);
    reactor.wake();
    await settle();
    expect(world.batches).toEqual([]);
    expect(takenOver).toBe(true);
    expect(reactor.status()).toMatchObject({
      ready: false,
      cause: expect.stringContaining('Fenced') as string,
    });
    await world.time.pass(120_000);
    expect(world.batches).toEqual([]);
    await reactor.stop();
  });

  it('saved although the answer was lost is recognised', async () => {
    await world.begin(0n);
    const { version } = await loadLaneCursor(world.cursors, 'messages');
    const next = { after: 5n, batch: { id: 'b', items: [] } };
    const saved = await saveLaneCursor(world.cursors, 'messages', next, version);
    expect(await saveLaneCursor(world.cursors, 'messages', next, version)).toEqual(saved);
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

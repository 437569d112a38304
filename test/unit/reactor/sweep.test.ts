import { beforeEach, describe, expect, it } from 'vitest';
import { StartUnavailable } from '../../../reactor/errors.js';
import { ReactorWorld, settle } from '../../worlds/reactor-world.js';

let world: ReactorWorld;
beforeEach(() => {
  world = new ReactorWorld();
});

const tried = (n: number, dueAt: number): void => {
  world.owe(n, `m${String(n).padStart(3, '0')}`, { dueAt, progress: 'tried' });
};

describe('the sweep', () => {
  it('starts at once what was two minutes overdue, and half a minute later what is then', async () => {
    const now = world.time.ms;
    tried(1, now - 120_000);
    tried(2, now - 119_999);
    const reactor = await world.started();
    expect(world.items).toEqual(['m001']);
    await world.time.pass(30_000);
    expect(world.items).toEqual(['m001', 'm001', 'm002']);
    await reactor.stop();
  });

  it('never starts what still waits its turn, however long it does', async () => {
    world.hold = new Promise(() => undefined);
    for (let n = 1; n <= 3_000; n++) world.owe(n, `m${String(n)}`, { dueAt: world.time.ms - 9_000 + n });
    const reactor = await world.started();
    await world.time.pass(200_000);
    const handedOver = 200;
    expect(new Set(world.items).size).toBeLessThanOrEqual(handedOver);
    expect([reactor.oldestWaiting('messages'), reactor.oldestWaiting('callbacks')]).toEqual([201n, null]);
  });

  it('starts what was handed over and shows no try two minutes later, and no batch gets it again', async () => {
    const reactor = await world.started();
    world.oweMany(1, 3);
    reactor.wake();
    await settle();
    world.batches[0]?.endUnseen([]);
    world.show(['m2'], 'begun', world.time.ms);
    await world.time.pass(119_000);
    expect(world.items).toEqual([]);
    await world.time.pass(32_000);
    expect([...new Set(world.items)].sort()).toEqual(['m1', 'm2', 'm3']);
    expect(world.batches).toHaveLength(1);
    await reactor.stop();
  });

  it('lets a batch that was broken off hold nothing up', async () => {
    const reactor = await world.started();
    world.oweMany(1, 4_000);
    reactor.wake();
    await world.time.pass(1_000);
    const before = world.batches.length;
    for (const batch of world.batches) batch.endUnseen(null);
    await world.time.pass(1_000);
    expect(world.batches.length).toBeGreaterThan(before);
    const ids = world.batched().flat();
    expect(new Set(ids).size).toBe(ids.length);
    await reactor.stop();
  });

  it('goes through all pages', async () => {
    for (let n = 0; n < 450; n++) tried(n, world.time.ms - 200_000);
    const reactor = await world.started();
    expect(new Set(world.items).size).toBe(450);
    expect(world.items).toHaveLength(450);
    await reactor.stop();
  });

  it('goes on after one item that cannot be started, and says so', async () => {
    for (let n = 0; n < 20; n++) tried(n, world.time.ms - 200_000);
    let starts = 0;
    world.fault = () => (starts++ === 3 ? new Error('invalid argument') : undefined);
    const reactor = await world.started();
    expect(world.items).toHaveLength(19);
    expect(reactor.status()).toMatchObject({ ready: false, cause: 'sweep: Error: invalid argument' });
    await world.time.pass(30_000);
    expect(reactor.status().ready).toBe(true);
    await reactor.stop();
  });

  it('stops when nothing answers, and tries again after 5 s', async () => {
    for (let n = 0; n < 100; n++) tried(n, world.time.ms - 200_000);
    let starts = 0;
    world.fault = () => {
      starts += 1;
      return new StartUnavailable('no connection');
    };
    const reactor = await world.started();
    expect(starts).toBeLessThanOrEqual(8);
    expect(reactor.status().ready).toBe(true);
    world.fault = undefined;
    await world.time.pass(4_999);
    expect(world.items).toHaveLength(0);
    await world.time.pass(1);
    expect(world.items).toHaveLength(100);
    await reactor.stop();
    await settle();
  });
});

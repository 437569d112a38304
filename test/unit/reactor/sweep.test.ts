import { beforeEach, describe, expect, it } from 'vitest';
import { StartUnavailable } from '../../../reactor/errors.js';
import { ReactorWorld, settle } from '../../worlds/reactor-world.js';

let world: ReactorWorld;
beforeEach(() => {
  world = new ReactorWorld();
});

describe('the sweep', () => {
  it('starts at once what was two minutes overdue, and half a minute later what is then', async () => {
    const now = world.time.ms;
    world.owe(1, 'old', now - 120_000);
    world.owe(2, 'younger', now - 119_999);
    const reactor = await world.started(10n);
    expect(world.items).toEqual([{ lane: 'messages', id: 'old' }]);
    await world.time.pass(30_000);
    expect(world.items.map(({ id }) => id)).toEqual(['old', 'old', 'younger']);
    await reactor.stop();
  });

  it('leaves to the batches what they have not come to yet', async () => {
    world.owe(1, 'behind', world.time.ms - 600_000);
    world.owe(9, 'ahead', world.time.ms - 600_000);
    world.hold = new Promise(() => undefined);
    const reactor = await world.started(5n);
    expect(world.items.map(({ id }) => id)).toEqual(['behind']);
    expect(reactor.status().after.messages).toBe(9n);
  });

  it('goes through all pages', async () => {
    for (let n = 0; n < 450; n++) world.owe(n, `m${String(n).padStart(3, '0')}`, world.time.ms - 200_000);
    const reactor = await world.started(1_000n);
    expect(new Set(world.items.map(({ id }) => id)).size).toBe(450);
    expect(world.items).toHaveLength(450);
    await reactor.stop();
  });

  it('goes on after one item that cannot be started, and says so', async () => {
    for (let n = 0; n < 20; n++) world.owe(n, `m${String(n)}`, world.time.ms - 200_000);
    let starts = 0;
    world.fault = () => (starts++ === 3 ? new Error('invalid argument') : undefined);
    const reactor = await world.started(1_000n);
    expect(world.items).toHaveLength(19);
    expect(reactor.status()).toMatchObject({ ready: false, cause: 'sweep: Error: invalid argument' });
    await world.time.pass(30_000);
    expect(reactor.status().ready).toBe(true);
    await reactor.stop();
  });

  it('stops when nothing answers, and tries again after 5 s', async () => {
    for (let n = 0; n < 100; n++) world.owe(n, `m${String(n)}`, world.time.ms - 200_000);
    let starts = 0;
    world.fault = () => {
      starts += 1;
      return new StartUnavailable('no connection');
    };
    const reactor = await world.started(1_000n);
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

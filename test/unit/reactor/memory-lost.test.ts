import { beforeEach, describe, expect, it } from 'vitest';
import { StartUnavailable } from '../../../reactor/errors.js';
import type { Reactor } from '../../../reactor/reactor.js';
import { claimSlots } from '../../../reactor/slots.js';
import { ReactorWorld, settle } from '../../worlds/reactor-world.js';

let world: ReactorWorld;
beforeEach(() => {
  world = new ReactorWorld();
});

/** Up to 3 everything was tried, 4 and 5 stand in a batch that is still stored. */
async function startedAnew(memoryLost: boolean): Promise<Reactor> {
  world.oweMany(1, 7);
  world.show(['m1', 'm2', 'm3'], 'tried');
  await world.begin(0n);
  const slots = await claimSlots(world.cursors, 'messages', 0n);
  const items = ['m4', 'm5'].flatMap((id) => world.rows.get(id)?.item ?? []);
  await slots[0]?.store({ id: 'stored', items });
  const reactor = world.reactor({ memoryLost });
  await reactor.start();
  await settle();
  return reactor;
}

describe('a start at which nothing can be running', () => {
  it('starts at once, one by one, everything that was tried, due or not', async () => {
    world.owe(8, 'waits for its next try', { dueAt: world.time.ms + 3_600_000, progress: 'tried' });
    const reactor = await startedAnew(true);
    expect(world.items.sort()).toEqual(['m1', 'm2', 'm3', 'waits for its next try']);
    await reactor.stop();
  });

  it('hands the rest over in a new batch', async () => {
    const reactor = await startedAnew(true);
    expect(world.batched()).toEqual([['m4', 'm5', 'm6', 'm7']]);
    expect(world.batches[0]?.id).not.toBe('stored');
    await reactor.stop();
  });

  it('does so once', async () => {
    const reactor = await startedAnew(true);
    await world.time.pass(30_000);
    expect(world.items).toHaveLength(3);
    await reactor.stop();
  });

  it('tries again soon while nothing answers', async () => {
    world.fault = () => new StartUnavailable('no connection');
    const reactor = await startedAnew(true);
    expect(world.items).toEqual([]);
    world.fault = undefined;
    await world.time.pass(5_000);
    expect(world.items.sort()).toEqual(['m1', 'm2', 'm3']);
    expect(world.batched()).toEqual([['m4', 'm5', 'm6', 'm7']]);
    await reactor.stop();
  });

  it('leaves to their batches what these began meanwhile', async () => {
    let unavailable = true;
    world.fault = () => (unavailable && world.batches.length > 0 ? new StartUnavailable('busy') : undefined);
    world.hold = Promise.resolve();
    const reactor = await startedAnew(true);
    world.show(['m4', 'm5', 'm6', 'm7'], 'begun');
    unavailable = false;
    await world.time.pass(5_000);
    expect(world.items.sort()).toEqual(['m1', 'm2', 'm3']);
    await reactor.stop();
  });

  it('still starts a later batch again that was stored and not started', async () => {
    const reactor = await startedAnew(true);
    const [batch] = world.batches;
    world.fault = () => new Error('no such namespace');
    world.owe(9);
    batch?.end();
    reactor.wake();
    await settle();
    world.fault = undefined;
    await world.time.pass(30_000);
    expect(world.batched()).toEqual([['m4', 'm5', 'm6', 'm7'], ['m9']]);
    await reactor.stop();
  });
});

describe('any other start', () => {
  it('starts the stored batch again, and only what is overdue one by one', async () => {
    const reactor = await startedAnew(false);
    expect(world.items).toEqual([]);
    expect(world.batched()).toEqual([
      ['m4', 'm5'],
      ['m6', 'm7'],
    ]);
    expect(world.batches[0]?.id).toBe('stored');
    await reactor.stop();
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { StartUnavailable } from '../../../reactor/errors.js';
import { cursorName } from '../../../reactor/lane-cursor.js';
import type { Reactor } from '../../../reactor/reactor.js';
import { ReactorWorld, settle } from '../../worlds/reactor-world.js';

let world: ReactorWorld;
beforeEach(() => {
  world = new ReactorWorld();
});

/** Everything up to 5 was handed over, 4 and 5 in a batch that is still stored. */
async function startedAnew(memoryLost: boolean): Promise<Reactor> {
  world.oweMany(1, 7);
  await world.begin(0n);
  const found = await world.cursors.load(cursorName('messages'));
  const items = world.rows.slice(3, 5).map(({ item }) => item);
  const value = { after: '5', batch: { id: 'stored', items } };
  await world.cursors.save(cursorName('messages'), value, found?.version ?? 'none');
  const reactor = world.reactor({ memoryLost });
  await reactor.start();
  await settle();
  return reactor;
}

const started = (): string[] => world.items.map(({ id }) => id);
const batched = (): string[][] =>
  world.batches.map(({ items }) => items.map((item) => ('messageId' in item ? item.messageId : '')));

describe('a start at which nothing can be running', () => {
  it('starts at once, one by one, everything that was handed over, due or not', async () => {
    world.owe(3, 'waits for its next try', world.time.ms + 3_600_000);
    const reactor = await startedAnew(true);
    expect(started().sort()).toEqual(['m1', 'm2', 'm3', 'm4', 'm5', 'waits for its next try']);
    await reactor.stop();
  });

  it('hands the rest over in a batch, and the stored batch not again', async () => {
    const reactor = await startedAnew(true);
    expect(batched()).toEqual([['m6', 'm7']]);
    await reactor.stop();
  });

  it('does so once', async () => {
    const reactor = await startedAnew(true);
    await world.time.pass(30_000);
    expect(started()).toHaveLength(5);
    await reactor.stop();
  });

  it('tries again soon while nothing answers', async () => {
    world.fault = () => new StartUnavailable('no connection');
    const reactor = await startedAnew(true);
    expect(started()).toEqual([]);
    world.fault = undefined;
    await world.time.pass(5_000);
    expect(started().sort()).toEqual(['m1', 'm2', 'm3', 'm4', 'm5']);
    expect(batched()).toEqual([['m6', 'm7']]);
    await reactor.stop();
  });

  it('still starts a later batch again that was stored and not started', async () => {
    const reactor = await startedAnew(true);
    const [batch] = world.batches;
    world.fault = () => new Error('no such namespace');
    world.owe(8);
    batch?.end();
    reactor.wake();
    await settle();
    world.fault = undefined;
    await world.time.pass(30_000);
    expect(batched()).toEqual([['m6', 'm7'], ['m8']]);
    await reactor.stop();
  });
});

describe('any other start', () => {
  it('starts the stored batch again, and only what is overdue one by one', async () => {
    const reactor = await startedAnew(false);
    expect(started()).toEqual([]);
    expect(batched()).toEqual([
      ['m4', 'm5'],
      ['m6', 'm7'],
    ]);
    await reactor.stop();
  });
});

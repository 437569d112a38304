import { beforeEach, describe, expect, it } from 'vitest';
import { partyOf } from '../../../reactor/select.js';
import { ReactorWorld, settle } from '../../worlds/reactor-world.js';

let world: ReactorWorld;
beforeEach(() => {
  world = new ReactorWorld();
});

const underWay = (): number => {
  const ended = new Set<string>();
  const all = world.batched().flat();
  for (const id of all) if (!world.rows.has(id)) ended.add(id);
  return all.length - ended.size;
};
const partiesOf = (batch: number): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const item of world.batches[batch]?.items ?? [])
    counts[partyOf(item)] = (counts[partyOf(item)] ?? 0) + 1;
  return counts;
};

describe('what is under way', () => {
  it('is bounded, however long nothing ends', async () => {
    const reactor = await world.started();
    world.oweMany(1, 10_000);
    reactor.wake();
    await world.time.pass(30_000);
    expect(underWay()).toBe(200);
    await reactor.stop();
  });

  it('grows while all that is begun ends in time, and shrinks when a batch gives back', async () => {
    const reactor = await world.started();
    world.oweMany(1, 12_000);
    reactor.wake();
    const most: number[] = [];
    for (let round = 0; round < 13; round++) {
      await world.time.pass(300);
      most.push(underWay());
      for (const batch of world.batches) batch.end();
    }
    expect(most[0]).toBe(200);
    expect(most.at(-1)).toBeGreaterThan(600);
    for (let round = 0; round < 12; round++) {
      await world.time.pass(1_100);
      for (const { ids, end } of world.batches.slice(-12)) {
        const left = ids.filter((id) => world.rows.has(id));
        end(left.slice(Math.ceil(left.length / 4)));
      }
    }
    const before = most.at(-1) ?? 0;
    await world.time.pass(1_100);
    expect(underWay()).toBeLessThan(before);
    await reactor.stop();
  });
});

describe('what a batch gives back', () => {
  it('is handed over again, in its old order and under another id', async () => {
    const reactor = await world.started();
    world.oweMany(1, 5);
    reactor.wake();
    await settle();
    world.batches[0]?.end(['m2', 'm4']);
    world.owe(6);
    await world.time.pass(50);
    expect(world.batched()).toEqual([
      ['m1', 'm2', 'm3', 'm4', 'm5'],
      ['m2', 'm4', 'm6'],
    ]);
    expect(world.batches[1]?.id).not.toBe(world.batches[0]?.id);
    await reactor.stop();
  });

  it('whole makes its app wait, ever longer, and holds up no other', async () => {
    const reactor = await world.started();
    world.oweMany(1, 50, { app: 'stuck' });
    reactor.wake();
    await settle();
    const tries: number[] = [];
    for (let round = 0; round < 120; round++) {
      for (const batch of world.batches) batch.end(batch.ids.filter((id) => id.startsWith('m')));
      world.owe(1_000 + round, `other${String(round)}`, { app: 'other' });
      reactor.wake();
      await world.time.pass(500);
      tries.push(world.batches.filter(({ items }) => items.some((item) => partyOf(item) === 'stuck')).length);
    }
    expect(tries.at(-1)).toBeLessThan(12);
    const others = new Set(world.batched().flat());
    for (let round = 0; round < 119; round++) expect(others).toContain(`other${String(round)}`);
    await reactor.stop();
  });
});

describe('apps', () => {
  it('take turns, and each gets what the others leave', async () => {
    const reactor = await world.started();
    world.oweMany(1, 1_000, { app: 'a' });
    world.oweMany(1_001, 1_010, { app: 'b' });
    world.oweMany(1_011, 2_000, { app: 'c' });
    reactor.wake();
    await settle();
    expect(partiesOf(0)).toEqual({ a: 95, b: 10, c: 95 });
    await reactor.stop();
  });

  it('with one message each find a place beside a campaign', async () => {
    const reactor = await world.started();
    world.oweMany(1, 5_000, { app: 'campaign' });
    reactor.wake();
    await world.time.pass(5_000);
    const before = world.batches.length;
    for (let n = 0; n < 20; n++) world.owe(6_000 + n, `one${String(n)}`, { app: `app-${String(n)}` });
    reactor.wake();
    await world.time.pass(300);
    const since = world.batched().slice(before).flat();
    expect(since.filter((id) => id.startsWith('one'))).toHaveLength(20);
    await reactor.stop();
  });

  it('that are many all get their turn', async () => {
    const reactor = await world.started();
    for (let n = 0; n < 300; n++)
      world.oweMany(n * 10 + 1, n * 10 + 10, { app: `app-${String(n).padStart(3, '0')}` });
    reactor.wake();
    for (let round = 0; round < 100; round++) {
      await world.time.pass(50);
      for (const batch of world.batches) batch.end();
    }
    expect(world.rows.size).toBe(0);
    await reactor.stop();
  });

  it('hand notifications over before anything else of theirs', async () => {
    const reactor = await world.started();
    world.oweMany(1, 500);
    reactor.wake();
    await settle();
    world.owe(501, 'code', { class: 0 });
    reactor.wake();
    for (const batch of world.batches) batch.end();
    await world.time.pass(50);
    expect(world.batches[1]?.ids[0]).toBe('code');
    await reactor.stop();
  });
});

describe('an endpoint', () => {
  it('whose tries all fail is left alone for a while, and costs a few workflows only', async () => {
    const reactor = await world.started();
    for (let n = 1; n <= 3_000; n++) world.oweCallback(n, `dead${String(n)}`, 'dead');
    let healthy = 0;
    let slowest = 0;
    for (let round = 0; round < 100; round++) {
      const id = `fine${String(round)}`;
      world.oweCallback(4_000 + round, id, 'fine');
      reactor.wake();
      await world.time.pass(300);
      for (const batch of world.batches) {
        world.show(
          batch.ids.filter((one) => one.startsWith('dead')),
          'tried',
        );
        for (const one of batch.ids) if (one.startsWith('fine')) world.rows.delete(one);
        batch.endUnseen([]);
      }
      if (world.rows.has(id)) slowest += 1;
      else healthy += 1;
    }
    expect([healthy, slowest]).toEqual([100, 0]);
    const tried = [...world.rows.values()].filter(({ progress }) => progress === 'tried').length;
    expect(tried).toBeGreaterThanOrEqual(200);
    expect(tried).toBeLessThan(1_000);
    await reactor.stop();
  }, 30_000);
});

describe('first tries of one contact', () => {
  it('go in their order: behind one that is under way nothing of theirs is handed over', async () => {
    const reactor = await world.started();
    world.owe(1, 'first', { contact: 'ann' });
    reactor.wake();
    await settle();
    world.owe(2, 'second', { contact: 'ann' });
    world.owe(3, 'other', { contact: 'ben' });
    world.owe(4, 'third', { contact: 'ann' });
    reactor.wake();
    await settle();
    expect(world.batched()).toEqual([['first'], ['other']]);
    world.batches[0]?.endUnseen([]);
    await world.time.pass(100);
    expect(world.batched()).toHaveLength(2);
    world.rows.delete('first');
    reactor.wake();
    await world.time.pass(100);
    expect(world.batched()[2]).toEqual(['second', 'third']);
    await reactor.stop();
  });

  it('of which one failed hold up no later one', async () => {
    const reactor = await world.started();
    world.owe(1, 'first', { contact: 'ann' });
    world.owe(2, 'second', { contact: 'ann' });
    reactor.wake();
    await settle();
    expect(world.batched()).toEqual([['first', 'second']]);
    world.show(['first', 'second'], 'tried');
    world.batches[0]?.endUnseen([]);
    world.owe(3, 'third', { contact: 'ann' });
    await world.time.pass(100);
    expect(world.batched()[1]).toEqual(['third']);
    await reactor.stop();
  });
});

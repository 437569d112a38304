import { beforeEach, describe, expect, it } from 'vitest';
import { claimSlots, loadFloor } from '../../../reactor/slots.js';
import { ReactorWorld, settle } from '../../worlds/reactor-world.js';

let world: ReactorWorld;
beforeEach(() => {
  world = new ReactorWorld();
});

const stored = async (): Promise<unknown[]> => {
  const names = [
    'reactor-messages',
    ...Array.from({ length: 11 }, (_, n) => `reactor-messages-${String(n + 1)}`),
  ];
  const values = await Promise.all(names.map((name) => world.cursors.load(name)));
  return values.flatMap((cursor) => {
    const { batch } = cursor?.value as { batch: { items: { messageId: string }[] } | null };
    return batch === null ? [] : [batch.items.map(({ messageId }) => messageId)];
  });
};

describe('a slot', () => {
  it('holds the batch before it is started', async () => {
    world.hold = new Promise(() => undefined);
    const reactor = await world.started();
    world.oweMany(1, 3);
    reactor.wake();
    await settle();
    expect(world.batches).toEqual([]);
    expect(await stored()).toEqual([['m1', 'm2', 'm3']]);
    expect(await loadFloor(world.cursors, 'messages')).toBe(0n);
  });

  it('lets a stored batch start again under the same id after a crash, without what has ended since', async () => {
    let reactor = await world.started();
    world.oweMany(1, 3);
    reactor.wake();
    await settle();
    await reactor.stop();
    world.rows.delete('m2');
    world.owe(4);
    reactor = world.reactor();
    await reactor.start();
    await settle();
    const [first, again, next] = world.batches;
    expect(again).toMatchObject({ id: first?.id, ids: ['m1', 'm3'] });
    expect(next?.ids).toEqual(['m4']);
    await reactor.stop();
  });

  it('does not start again what has ended or was tried', async () => {
    let reactor = await world.started();
    world.oweMany(1, 3);
    reactor.wake();
    await settle();
    await reactor.stop();
    world.rows.delete('m1');
    world.show(['m2'], 'tried');
    world.show(['m3'], 'begun');
    reactor = world.reactor();
    await reactor.start();
    await world.time.pass(2_000);
    expect(world.batches).toHaveLength(1);
    await reactor.stop();
  });

  it('of somebody else fences this reactor at its next batch', async () => {
    const reactor = await world.started();
    await claimSlots(world.cursors, 'messages', 0n);
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

  it('is taken over with what the reactor before stored meanwhile', async () => {
    await world.begin(0n);
    const before = await claimSlots(world.cursors, 'messages', 0n);
    const claiming = claimSlots(world.cursors, 'messages', 0n);
    await before[3]?.store({ id: 'b', items: [] }).catch(() => undefined);
    const after = await claiming;
    const loaded = await world.cursors.load('reactor-messages-3');
    expect(after[3]?.batch).toEqual((loaded?.value as { batch: unknown }).batch);
  });

  it('stored although the answer was lost is recognised', async () => {
    await world.begin(0n);
    const [slot] = await claimSlots(world.cursors, 'messages', 0n);
    const { cursors } = world;
    const save = cursors.save.bind(cursors);
    let lost = 0;
    cursors.save = async (...parameters) => {
      await save(...parameters);
      lost += 1;
      return save(...parameters);
    };
    await slot?.store({ id: 'b', items: [] });
    expect([lost, slot?.version, slot?.batch?.id]).toEqual([1, 2, 'b']);
  });
});

describe('the floor', () => {
  it('that is missing is an error with its remedy', async () => {
    await expect(world.reactor().start()).rejects.toThrow('optledger reactor set --at end|<position>');
  });

  it('leaves to the sweep what lies below, and drops what was stored above another one', async () => {
    let reactor = await world.started();
    world.owe(3);
    reactor.wake();
    await settle();
    await reactor.stop();
    await world.begin(9n);
    reactor = world.reactor();
    world.oweMany(8, 10);
    await reactor.start();
    await settle();
    expect(world.batched()).toEqual([['m3'], ['m10']]);
    await world.time.pass(130_000);
    expect([...new Set(world.items)].sort()).toEqual(['m10', 'm3', 'm8', 'm9']);
    await reactor.stop();
  });
});

describe('a new reactor', () => {
  it('begins nothing before its views know what the one before did', async () => {
    const caughtUp = Promise.withResolvers<undefined>();
    world.viewsCaughtUp = () => caughtUp.promise;
    world.owe(1);
    world.owe(2);
    const reactor = await world.started();
    expect(world.batches).toEqual([]);
    world.rows.delete('m1');
    caughtUp.resolve(undefined);
    await settle();
    expect(world.batched()).toEqual([['m2']]);
    await reactor.stop();
  });

  it('says so, and tries again, while they cannot be read', async () => {
    let tries = 0;
    world.viewsCaughtUp = async () => {
      tries += 1;
      if (tries < 3) throw new Error('behind');
    };
    world.owe(1);
    const reactor = await world.started();
    expect(reactor.status().cause).toBe('views: Error: behind');
    await world.time.pass(2_000);
    expect(reactor.status().cause).toBeNull();
    expect(world.batched()).toEqual([['m1']]);
    await reactor.stop();
  });
});

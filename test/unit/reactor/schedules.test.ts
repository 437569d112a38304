import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StartUnavailable } from '../../../reactor/errors.js';
import type { Reactor } from '../../../reactor/reactor.js';
import { SLOTS } from '../../../reactor/slots.js';
import { ReactorWorld, settle, type StartedBatch } from '../../worlds/reactor-world.js';

type Step =
  | { readonly do: 'owe'; readonly app: number; readonly contact: number; readonly count: number }
  | { readonly do: 'end'; readonly batch: number; readonly back: number; readonly fails: number }
  | { readonly do: 'break off'; readonly batch: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'refuse'; readonly ms: number }
  | { readonly do: 'crash' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('owe' as const),
      app: fc.nat(4),
      contact: fc.nat(9),
      count: fc.integer({ min: 1, max: 300 }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      batch: fc.nat(30),
      back: fc.nat(3),
      fails: fc.nat(3),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('break off' as const), batch: fc.nat(30) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 3_000 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('refuse' as const), ms: fc.integer({ min: 1, max: 3_000 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const) }) },
);

/** Plays a schedule, and keeps who may have which item. */
class Player {
  readonly world = new ReactorWorld();
  /** Batches that run, by id: a second start of one is the same batch. */
  readonly running = new Map<string, StartedBatch>();
  /** Items that a batch has, or has tried: no other one may get them. */
  readonly taken = new Map<string, string>();
  private reactor!: Reactor;
  private seen = 0;
  private position = 0;

  async begin(): Promise<void> {
    this.reactor = await this.world.started();
  }

  async play(one: Step): Promise<void> {
    const { world } = this;
    switch (one.do) {
      case 'owe':
        for (let n = 0; n < one.count; n++) {
          this.position += 1;
          const contact = `c${String((one.contact + n) % 40)}`;
          world.owe(this.position, undefined, { app: `app${String(one.app)}`, contact });
        }
        this.reactor.wake();
        break;
      case 'end':
        this.end([...this.running.values()][one.batch % Math.max(this.running.size, 1)], one.back, one.fails);
        break;
      case 'break off': {
        const batch = [...this.running.values()][one.batch % Math.max(this.running.size, 1)];
        if (batch === undefined) break;
        this.running.delete(batch.id);
        batch.endUnseen(null);
        break;
      }
      case 'wait':
        await world.time.pass(one.ms);
        break;
      case 'refuse':
        world.fault = () => new StartUnavailable('not now');
        await world.time.pass(one.ms);
        world.fault = undefined;
        break;
      case 'crash':
        // What a batch had that nobody heard of again may come again: the ledger keeps it from being done twice.
        for (const [id, batch] of this.taken) if (!this.running.has(batch)) this.taken.delete(id);
        await this.reactor.stop();
        this.reactor = world.reactor();
        await this.reactor.start();
        break;
    }
    await settle();
    this.check();
  }

  /** Everything ends from now on. */
  async finish(): Promise<void> {
    for (let round = 0; round < 400 && this.world.rows.size > 0; round++) {
      for (const batch of this.running.values()) this.end(batch, 0, 0);
      // What the sweep was asked for ends as well.
      for (const id of this.world.items) this.world.rows.delete(id);
      await this.world.time.pass(1_000);
      this.check();
    }
    await this.reactor.stop();
  }

  private end(batch: StartedBatch | undefined, back: number, fails: number): void {
    if (batch === undefined) return;
    this.running.delete(batch.id);
    const untried = back === 0 ? [] : batch.ids.filter((id, n) => n % 4 < back && this.world.rows.has(id));
    const failed = fails === 0 ? [] : batch.ids.filter((id, n) => n % 7 < fails && !untried.includes(id));
    for (const id of untried) this.taken.delete(id);
    this.world.show(failed, 'tried', this.world.time.ms + 3_600_000);
    for (const id of batch.ids) if (!untried.includes(id) && !failed.includes(id)) this.world.rows.delete(id);
    batch.endUnseen(untried);
  }

  /** No item is in two batches, none comes again that was tried, and no more runs than may. */
  private check(): void {
    for (; this.seen < this.world.batches.length; this.seen++) {
      const batch = this.world.batches[this.seen];
      if (batch === undefined) continue;
      const before = this.running.get(batch.id);
      for (const id of batch.ids) {
        expect(this.taken.get(id) ?? batch.id, `${id} is handed over a second time`).toBe(batch.id);
        this.taken.set(id, batch.id);
      }
      // Started again after a crash: it runs once, and each reactor that waits for it hears of its end.
      if (before === undefined) this.running.set(batch.id, batch);
      else {
        const both = {
          ...batch,
          ids: before.ids,
          endUnseen: (untried: readonly string[] | null) => {
            before.endUnseen(untried);
            batch.endUnseen(untried);
          },
        };
        this.running.set(batch.id, both);
      }
    }
    expect(this.running.size).toBeLessThanOrEqual(SLOTS);
    const items = [...this.running.values()].reduce((sum, { ids }) => sum + ids.length, 0);
    expect(items).toBeLessThanOrEqual(1_600);
  }
}

describe('over random schedules', () => {
  it('everything owed is handed over once for each need, never more than may run, and ends', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const player = new Player();
        await player.begin();
        for (const one of steps) await player.play(one);
        await player.finish();
        const left = [...player.world.rows.values()].filter(({ progress }) => progress !== 'tried');
        expect(left.map(({ id }) => id)).toEqual([]);
      }),
      { numRuns: 20 },
    );
  }, 60_000);
});

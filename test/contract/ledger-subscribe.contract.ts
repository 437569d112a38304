import { describe, expect, it } from 'vitest';
import { CAUGHT_UP } from '../../ledger/ledger.js';
import { collect, headOf, idsOf, newEvent, newEvents, newStream } from './ledger-support.js';
import type { OpenLedger } from './ledger-support.js';

/** Catch-up, then live: every event once, in order, and none lost at the seams. */
export function describeSubscriptions(opened: OpenLedger): void {
  const append = async (count: number): Promise<readonly string[]> => {
    const events = newEvents(count);
    await opened.ledger.append(newStream(), events, 'none');
    return events.map(({ id }) => id);
  };

  describe('subscribe', () => {
    it.each([1, 255, 256, 257, 900])('catches up over %i events, then says so once', async (count) => {
      const { ledger } = opened;
      const start = await headOf(ledger);
      const ids = await append(count);
      const seen = await collect(ledger, start, (items) => items.at(-1) === 'caught up');
      expect(idsOf(seen)).toEqual(ids);
      expect(seen.filter((item) => item === 'caught up')).toHaveLength(1);
      expect(seen.at(-1)).toBe('caught up');
    });

    it('begins after the position given', async () => {
      const { ledger } = opened;
      await append(3);
      const middle = await headOf(ledger);
      const ids = await append(3);
      const seen = await collect(ledger, middle, (items) => items.at(-1) === 'caught up');
      expect(idsOf(seen)).toEqual(ids);
    });

    it('says at once that nothing is newer', async () => {
      const { ledger } = opened;
      const seen = await collect(ledger, await headOf(ledger), () => true);
      expect(seen).toEqual(['caught up']);
    });

    it('stays live, and says each time that it has caught up', async () => {
      const { ledger } = opened;
      const expected: string[] = [];
      const seen = await collect(ledger, await headOf(ledger), (items) => {
        if (items.at(-1) !== 'caught up') return false;
        if (expected.length === 6) return true;
        const events = newEvents(2);
        expected.push(...events.map(({ id }) => id));
        void ledger.append(newStream(), events, 'none');
        return false;
      });
      expect(idsOf(seen)).toEqual(expected);
      expect(seen.map((item) => (item === 'caught up' ? '|' : '.')).join('')).toBe('|..|..|..|');
    });

    it('loses and repeats nothing while others write at every moment', async () => {
      const { ledger } = opened;
      const start = await headOf(ledger);
      const total = 1_500;
      const writers = Array.from({ length: 10 }, async (_, writer) => {
        for (let i = 0; i < total / 10; i++) {
          await ledger.append(newStream(), [newEvent(`${String(writer)}:${String(i)}`)], 'none');
          // Some come in bursts, some when the subscriber is about to wait.
          if (i % (writer + 1) === 0) await new Promise(setImmediate);
        }
      });
      const readers = Array.from({ length: 3 }, () => {
        let events = 0;
        return collect(ledger, start, (items) => {
          if (items.at(-1) !== 'caught up') events += 1;
          return events === total;
        });
      });
      await Promise.all(writers);
      const written = await collect(ledger, start, (items) => items.at(-1) === 'caught up');
      for (const seen of await Promise.all(readers)) expect(idsOf(seen)).toEqual(idsOf(written));
    });

    it('lets others have their turn during a long catch-up', async () => {
      const { ledger } = opened;
      const start = await headOf(ledger);
      for (let i = 0; i < 3; i++) await append(1_000);
      let turns = 0;
      let counting = true;
      const count = (): void => {
        turns += 1;
        if (counting) setImmediate(count);
      };
      setImmediate(count);
      await collect(ledger, start, (items) => items.at(-1) === 'caught up');
      counting = false;
      expect(turns).toBeGreaterThan(5);
    });

    it('misses nothing that is written while its consumer is busy with the mark', async () => {
      const { ledger } = opened;
      const end = new AbortController();
      const items = ledger.subscribe({ after: await headOf(ledger), signal: end.signal });
      const iterator = items[Symbol.asyncIterator]();
      expect(await iterator.next()).toEqual({ done: false, value: CAUGHT_UP });
      const [id] = await append(1);
      expect(await iterator.next()).toMatchObject({ value: { event: { id } } });
      end.abort();
    });

    it('ends quietly when the signal aborts while it waits', async () => {
      const { ledger } = opened;
      const end = new AbortController();
      const items = ledger.subscribe({ after: await headOf(ledger), signal: end.signal });
      const iterator = items[Symbol.asyncIterator]();
      expect(await iterator.next()).toEqual({ done: false, value: CAUGHT_UP });
      const waiting = iterator.next();
      end.abort();
      expect((await waiting).done).toBe(true);
    });

    it('yields nothing when the signal aborted before', async () => {
      const { ledger } = opened;
      await append(3);
      const seen = [];
      for await (const item of ledger.subscribe({ after: 0n, signal: AbortSignal.abort() })) seen.push(item);
      expect(seen).toEqual([]);
    });

    it('stops in the middle of a page when the signal aborts', async () => {
      const { ledger } = opened;
      const start = await headOf(ledger);
      await append(100);
      expect(await collect(ledger, start, (items) => items.length === 7)).toHaveLength(7);
    });
  });
}

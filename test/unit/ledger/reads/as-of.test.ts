import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLast } from '../../../../ledger/reads/as-of.js';
import type { ReadStream, Recorded } from '../../../../ledger/ledger.js';

const AT = Date.parse('2026-01-02T00:00:00.000Z');
const iso = (ms: number): string => new Date(AT + ms).toISOString();

/** A stream of one event per time, and how often it was read. */
function stream(times: readonly number[]) {
  const eventAt = (revision: number): Recorded[] => {
    const ms = times[revision];
    return ms === undefined
      ? []
      : [{ revision, event: { meta: { recordedAt: iso(ms) } } } as unknown as Recorded];
  };
  const reads: ReadStream[] = [];
  return {
    reads,
    readStream: async (_stream: string, read: ReadStream) => {
      reads.push(read);
      expect(read.limit).toBe(1);
      return eventAt(read.from === 'end' ? times.length - 1 : read.from);
    },
  };
}

describe('readLast', () => {
  it('finds what a look at every event finds, in as many reads as halving takes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 300 }),
        fc.integer({ min: -2, max: 1_600 }),
        async (steps, at) => {
          let time = 0;
          const times = steps.map((step) => (time += step));
          const ledger = stream(times);
          const found = await readLast(ledger, 's', iso(at));
          expect(found?.revision ?? -1).toBe(times.findLastIndex((ms) => ms <= at));
          expect(ledger.reads.length).toBeLessThanOrEqual(2 + Math.log2(times.length + 1));
        },
      ),
    );
  });

  it('needs one read for now, and 21 at most in a million events', async () => {
    const ledger = stream(Array.from({ length: 1_000_000 }, (_, n) => n));
    expect((await readLast(ledger, 's'))?.revision).toBe(999_999);
    expect(ledger.reads).toHaveLength(1);
    expect((await readLast(ledger, 's', iso(123_456)))?.revision).toBe(123_456);
    expect(ledger.reads.length - 1).toBeLessThanOrEqual(21);
    expect(await readLast(stream([]), 's', iso(0))).toBeUndefined();
  });
});

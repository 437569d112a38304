import { beforeEach, describe, expect, it } from 'vitest';
import { START } from '../../ledger/ledger.js';
import { headOf, newEvent, newEvents, newStream } from './ledger-support.js';
import type { OpenLedger } from './ledger-support.js';

/** What reads return, in which order, and how much at a time. */
export function describeReads(opened: OpenLedger): void {
  let stream: string;
  beforeEach(() => {
    stream = newStream();
  });

  describe('readStream', () => {
    const cases = [
      [0, 'forwards', 1000, [0, 1, 2, 3, 4]],
      [0, 'forwards', 2, [0, 1]],
      [3, 'forwards', 1000, [3, 4]],
      [4, 'forwards', 1, [4]],
      [5, 'forwards', 1000, []],
      ['end', 'backwards', 1, [4]],
      ['end', 'backwards', 1000, [4, 3, 2, 1, 0]],
      [2, 'backwards', 2, [2, 1]],
      [0, 'backwards', 1000, [0]],
      [99, 'backwards', 1, [4]],
    ] as const;
    it.each(cases)('from %s %s, at most %i: %j', async (from, direction, limit, revisions) => {
      const { ledger } = opened;
      await ledger.append(newStream(), newEvents(3), 'none');
      await ledger.append(stream, newEvents(2), 'none');
      await ledger.append(newStream(), newEvents(3), 'none');
      await ledger.append(stream, newEvents(3), 1);
      const read = await ledger.readStream(stream, { from, direction, limit });
      expect(read.map(({ revision }) => revision)).toEqual(revisions);
      expect(new Set(read.map((recorded) => recorded.stream)).size).toBe(revisions.length === 0 ? 0 : 1);
    });

    it.each([
      [0, 'forwards'],
      ['end', 'backwards'],
    ] as const)('is empty where there is no stream: from %s %s', async (from, direction) => {
      expect(await opened.ledger.readStream(stream, { from, direction, limit: 10 })).toEqual([]);
    });

    it.each([
      { from: 0, direction: 'forwards', limit: 0 },
      { from: 0, direction: 'forwards', limit: 1_001 },
      { from: 0, direction: 'forwards', limit: 1.5 },
      { from: -1, direction: 'forwards', limit: 1 },
      { from: 'end', direction: 'forwards', limit: 1 },
    ] as const)('refuses %j', async (read) => {
      await expect(opened.ledger.readStream(stream, read)).rejects.toBeInstanceOf(RangeError);
    });
  });

  describe('readAll', () => {
    it('pages through everything in ascending positions, once', async () => {
      const { ledger } = opened;
      const start = await headOf(ledger);
      const events = newEvents(25);
      for (const event of events) await ledger.append(newStream(), [event], 'none');
      const seen: string[] = [];
      let after = start;
      for (;;) {
        const page = await ledger.readAll({ after, limit: 4 });
        if (page.length === 0) break;
        expect(page.length).toBeLessThanOrEqual(4);
        for (const { position, event } of page) {
          expect(position).toBeGreaterThan(after);
          after = position;
          seen.push(event.id);
        }
      }
      expect(seen).toEqual(events.map(({ id }) => id));
    });

    it('begins after the position given, which need not be an event any more', async () => {
      const { ledger } = opened;
      const { position } = await ledger.append(stream, [newEvent()], 'none');
      expect(await headOf(ledger)).toBe(position);
      expect(await ledger.readAll({ after: position, limit: 1000 })).toEqual([]);
      expect(await ledger.readAll({ after: position + 1_000_000n, limit: 1000 })).toEqual([]);
    });

    it.each([0, 1_001])('refuses the limit %d', async (limit) => {
      await expect(opened.ledger.readAll({ after: START, limit })).rejects.toBeInstanceOf(RangeError);
    });
  });
}

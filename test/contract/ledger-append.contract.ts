import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { AppendTooLarge, EventIdTaken, InvalidEvent, RevisionConflict } from '../../ledger/errors.js';
import { headOf, newEvent, newEvents, newStream, readWhole } from './ledger-support.js';
import type { OpenLedger } from './ledger-support.js';

/** What an append keeps, refuses and answers. */
export function describeAppend(opened: OpenLedger): void {
  let stream: string;
  beforeEach(() => {
    stream = newStream();
  });

  describe('append', () => {
    it('starts a stream at revision 0 and answers the place of the last event', async () => {
      const { ledger } = opened;
      const events = newEvents(3);
      const first = await ledger.append(stream, events, 'none');
      const second = await ledger.append(stream, [newEvent()], 2);
      const stored = await readWhole(ledger, stream);
      expect(stored.map(({ revision }) => revision)).toEqual([0, 1, 2, 3]);
      expect(first).toEqual({ revision: 2, position: stored[2]?.position, duplicate: false });
      expect(second).toEqual({ revision: 3, position: stored[3]?.position, duplicate: false });
    });

    it('gives back what was written, personal and unicode included, whatever happens to the objects', async () => {
      const { ledger } = opened;
      const event = {
        ...newEvent('naïve 💬 \u0000 "quoted" \u2028'),
        meta: { ...newEvent().meta, causationId: randomUUID(), correlationId: 'x' },
      };
      const copy = structuredClone(event);
      const appended = ledger.append(stream, [event], 'none');
      Object.assign(event.data, { displayName: 'changed after the call' });
      await appended;
      expect((await readWhole(ledger, stream))[0]).toEqual({
        stream,
        revision: 0,
        position: expect.any(BigInt) as bigint,
        event: copy,
      });
    });

    it('orders appends of one turn as they were made, over all streams', async () => {
      const { ledger } = opened;
      const start = await headOf(ledger);
      const events = newEvents(100);
      await Promise.all(events.map((event) => ledger.append(newStream(), [event], 'none')));
      const all = await ledger.readAll({ after: start, limit: 1000 });
      expect(all.map(({ event }) => event.id)).toEqual(events.map(({ id }) => id));
    });

    it('lets exactly one of many writers at the same revision win', async () => {
      const { ledger } = opened;
      await ledger.append(stream, [newEvent()], 'none');
      const events = newEvents(50);
      const results = await Promise.allSettled(events.map((event) => ledger.append(stream, [event], 0)));
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const result of results) {
        if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(RevisionConflict);
      }
      const winner = events.find((_, i) => results[i]?.status === 'fulfilled');
      expect((await readWhole(ledger, stream)).map(({ event }) => event.id).slice(1)).toEqual([winner?.id]);
    });
  });

  describe('conflict', () => {
    it.each([
      ['none, but it exists', 'none', 1],
      ['a revision before the last', 0, 1],
      ['a revision after the last', 2, 1],
    ] as const)('tells expected and actual: %s', async (_, expected, actual) => {
      const { ledger } = opened;
      await ledger.append(stream, newEvents(2), 'none');
      const conflict = ledger.append(stream, newEvents(2), expected);
      await expect(conflict).rejects.toBeInstanceOf(RevisionConflict);
      await expect(conflict).rejects.toMatchObject({ stream, expected, actual });
      expect(await readWhole(ledger, stream)).toHaveLength(2);
    });

    it('tells that there is no stream', async () => {
      const conflict = opened.ledger.append(stream, [newEvent()], 0);
      await expect(conflict).rejects.toMatchObject({ name: 'RevisionConflict', expected: 0, actual: 'none' });
    });

    it('spoils nothing for others of the same turn', async () => {
      const { ledger } = opened;
      const other = newStream();
      const results = await Promise.allSettled([
        ledger.append(stream, newEvents(3), 7),
        ledger.append(other, newEvents(3), 'none'),
        ledger.append(stream, newEvents(3), 'none'),
        ledger.append(stream, newEvents(3), 2),
      ]);
      expect(results.map(({ status }) => status)).toEqual([
        'rejected',
        'fulfilled',
        'fulfilled',
        'fulfilled',
      ]);
      expect((await readWhole(ledger, stream)).map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4, 5]);
      expect(await readWhole(ledger, other)).toHaveLength(3);
    });
  });

  describe('limits', () => {
    it('takes 1 and 1,000 events, refuses 0 and 1,001', async () => {
      const { ledger } = opened;
      await ledger.append(newStream(), newEvents(1), 'none');
      await ledger.append(newStream(), newEvents(1_000), 'none');
      await expect(ledger.append(stream, [], 'none')).rejects.toBeInstanceOf(InvalidEvent);
      await expect(ledger.append(stream, newEvents(1_001), 'none')).rejects.toBeInstanceOf(AppendTooLarge);
      expect(await readWhole(ledger, stream)).toEqual([]);
    });

    it('takes 1 MiB in all, refuses one byte more', async () => {
      const { ledger } = opened;
      const [first, padded] = [newEvent('a'.repeat(500_000)), newEvent('')];
      const used = [first, padded].reduce((sum, event) => {
        const { id, type, data, meta } = event;
        return sum + Buffer.byteLength(id + type + JSON.stringify(data) + JSON.stringify(meta));
      }, 0);
      // Two bytes a letter: bytes count, not characters. The odd byte, if any, is a plain letter.
      const room = 1_048_576 - used;
      const fill = 'é'.repeat(Math.floor(room / 2)) + 'x'.repeat(room % 2);
      const tooMuch = [first, newEvent(`${fill}x`)];
      await expect(ledger.append(stream, tooMuch, 'none')).rejects.toBeInstanceOf(AppendTooLarge);
      expect(await readWhole(ledger, stream)).toEqual([]);
      await ledger.append(
        stream,
        [first, { ...padded, data: { projectId: 'p1', displayName: fill } }],
        'none',
      );
    });

    it('refuses an event that is not as its schema says, without telling what it holds', async () => {
      const { ledger } = opened;
      const bad = { ...newEvent(), data: { projectId: 'p1', displayName: 'ok', phone: '46700000001' } };
      const refused = ledger.append(stream, [newEvent(), bad], 'none');
      await expect(refused).rejects.toBeInstanceOf(InvalidEvent);
      await expect(refused).rejects.not.toThrow(/46700000001/u);
      expect(await readWhole(ledger, stream)).toEqual([]);
    });

    it.each([-1, 0.5, Number.NaN, Number.MAX_SAFE_INTEGER + 1])(
      'refuses the revision %d',
      async (expected) => {
        await expect(opened.ledger.append(stream, [newEvent()], expected)).rejects.toBeInstanceOf(RangeError);
      },
    );

    it('refuses the same id twice in one append', async () => {
      const event = newEvent();
      const refused = opened.ledger.append(stream, [event, event], 'none');
      await expect(refused).rejects.toBeInstanceOf(EventIdTaken);
    });
  });
}

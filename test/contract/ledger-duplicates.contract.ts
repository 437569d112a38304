import { beforeEach, describe, expect, it } from 'vitest';
import { EventIdTaken, RevisionConflict } from '../../ledger/errors.js';
import { newEvent, newEvents, newStream, readWhole } from './ledger-support.js';
import type { LedgerUnderTest, OpenLedger } from './ledger-support.js';

/** A fact that comes again changes nothing the second time. */
export function describeDuplicates(
  opened: OpenLedger,
  { duplicatesWithin, knowsEveryId }: Pick<LedgerUnderTest, 'duplicatesWithin' | 'knowsEveryId'>,
): void {
  let stream: string;
  beforeEach(() => {
    stream = newStream();
  });

  describe('duplicates', () => {
    it.each(['none', 0, 1, 99] as const)(
      'answers the old place, whatever is expected: %s',
      async (expected) => {
        const { ledger } = opened;
        const event = newEvent();
        const first = await ledger.append(stream, [event], 'none');
        await ledger.append(stream, [newEvent()], 0);
        expect(await ledger.append(stream, [event], expected)).toEqual({ ...first, duplicate: true });
        expect(await readWhole(ledger, stream)).toHaveLength(2);
      },
    );

    it('knows an event as old as it promises', async () => {
      const { ledger } = opened;
      const event = newEvent();
      const first = await ledger.append(stream, [event], 'none');
      await ledger.append(stream, newEvents(duplicatesWithin - 1), 0);
      expect(await ledger.append(stream, [event], 'none')).toEqual({ ...first, duplicate: true });
      expect(await readWhole(ledger, stream)).toHaveLength(duplicatesWithin);
    });

    it('writes one of many that come in the same turn', async () => {
      const { ledger } = opened;
      const event = newEvent();
      const answers = await Promise.all(
        Array.from({ length: 40 }, () => ledger.append(stream, [event], 'none')),
      );
      expect(answers.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
      expect(new Set(answers.map(({ position }) => position)).size).toBe(1);
      expect(await readWhole(ledger, stream)).toHaveLength(1);
    });

    it('answers the place of the last event of a known append', async () => {
      const { ledger } = opened;
      const events = newEvents(3);
      const first = await ledger.append(stream, events, 'none');
      await ledger.append(stream, [newEvent()], 2);
      expect(await ledger.append(stream, events, 'none')).toEqual({ ...first, duplicate: true });
    });

    it('goes by the first id: what follows it now is not written', async () => {
      const { ledger } = opened;
      const event = newEvent();
      const first = await ledger.append(stream, [event], 'none');
      const again = await ledger.append(stream, [event, newEvent(), newEvent()], 0);
      expect(again).toEqual({ ...first, duplicate: true });
      expect(await readWhole(ledger, stream)).toHaveLength(1);
    });

    it('refuses an append whose first id is new and a later one is known', async () => {
      const { ledger } = opened;
      const event = newEvent();
      await ledger.append(stream, [event], 'none');
      const refused = ledger.append(stream, [newEvent(), event], 0);
      await expect(refused).rejects.toBeInstanceOf(EventIdTaken);
      expect(await readWhole(ledger, stream)).toHaveLength(1);
    });

    it('answers for an event from beyond what it promises as documented', async () => {
      const { ledger } = opened;
      const event = newEvent();
      const first = await ledger.append(stream, [event], 'none');
      await ledger.append(stream, newEvents(duplicatesWithin - 1), 0);
      await ledger.append(stream, newEvents(1), duplicatesWithin - 1);
      // An adapter that looks back only so far still refuses the old place; at the head it takes the fact for new.
      const stale = ledger.append(stream, [event], 'none');
      if (knowsEveryId) expect(await stale).toEqual({ ...first, duplicate: true });
      else await expect(stale).rejects.toBeInstanceOf(RevisionConflict);
      const atHead = await ledger.append(stream, [event], duplicatesWithin);
      expect(atHead).toMatchObject(
        knowsEveryId ? { ...first, duplicate: true } : { revision: duplicatesWithin + 1, duplicate: false },
      );
    });

    it.runIf(knowsEveryId)(
      'refuses an id of another stream, first or later, and writes nothing',
      async () => {
        const { ledger } = opened;
        const event = newEvent();
        await ledger.append(newStream(), [event], 'none');
        for (const events of [[event], [newEvent(), newEvent(), event]]) {
          await expect(ledger.append(stream, events, 'none')).rejects.toBeInstanceOf(EventIdTaken);
        }
        expect(await readWhole(ledger, stream)).toEqual([]);
      },
    );

    it.skipIf(knowsEveryId)('takes an id of another stream: ids derive from their streams', async () => {
      const { ledger } = opened;
      const event = newEvent();
      await ledger.append(newStream(), [event], 'none');
      expect(await ledger.append(stream, [event], 'none')).toMatchObject({ revision: 0, duplicate: false });
    });
  });
}

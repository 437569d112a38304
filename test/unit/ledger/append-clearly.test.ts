import { describe, expect, it } from 'vitest';
import { appendClearly } from '../../../ledger/append-clearly.js';
import { AppendUnclear, RevisionConflict } from '../../../ledger/errors.js';
import { handleCommand } from '../../../ledger/commands/handle-command.js';
import { newEvent, newStream, readWhole } from '../../contract/ledger-support.js';
import { fakeClock, meddledLedger } from './fakes.js';

const clock = fakeClock('2026-05-01T00:00:00.000Z');
const unclear = (): never => {
  throw new AppendUnclear('no answer');
};

describe('appendClearly', () => {
  it('repeats with the same events and revision until the outcome is known: not written before', async () => {
    const stream = newStream();
    const ledger = meddledLedger(async (append, _, nth) => (nth < 3 ? unclear() : append()));
    const events = [newEvent()];
    const appended = await appendClearly({ ledger, clock }, stream, events, 'none');
    expect(appended).toMatchObject({ revision: 0, duplicate: false });
    expect(ledger.calls).toEqual(Array(3).fill([stream, events, 'none']));
  });

  it('repeats: written at the first try, whose answer was lost', async () => {
    const stream = newStream();
    const ledger = meddledLedger(async (append, _, nth) => {
      const appended = await append();
      return nth === 1 ? unclear() : appended;
    });
    const { appended } = await handleCommand({ ledger, clock, stream, decide: () => [newEvent()] });
    expect(appended).toMatchObject({ revision: 0, duplicate: true });
    expect(await readWhole(ledger, stream)).toHaveLength(1);
  });

  it('says that it is unclear when 5 s have passed', async () => {
    const ledger = meddledLedger(async () => unclear());
    const ticking = fakeClock('2026-05-01T00:00:00.000Z', 1_200);
    const appended = appendClearly({ ledger, clock: ticking }, newStream(), [newEvent()], 'none');
    await expect(appended).rejects.toBeInstanceOf(AppendUnclear);
    // Readings at 0 (begin), 1.2, 2.4, 3.6 and 4.8 s; the last one leaves no time for a pause.
    expect(ledger.calls).toHaveLength(4);
  });

  it('does not repeat what is clear', async () => {
    const ledger = meddledLedger((append) => append());
    const refused = appendClearly({ ledger, clock }, newStream(), [newEvent()], 3);
    await expect(refused).rejects.toBeInstanceOf(RevisionConflict);
    expect(ledger.calls).toHaveLength(1);
  });
});

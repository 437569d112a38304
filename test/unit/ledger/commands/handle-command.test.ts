import { describe, expect, it } from 'vitest';
import { InvalidEvent, TooManyConflicts } from '../../../../ledger/errors.js';
import { handleCommand, type Basis } from '../../../../ledger/commands/handle-command.js';
import { createMemoryLedger } from '../../../../ledger/memory/memory-ledger.js';
import { newEvent, newStream, readWhole } from '../../../contract/ledger-support.js';
import { fakeClock, meddledLedger } from '../fakes.js';

const clock = fakeClock('2026-05-01T00:00:00.000Z');

describe('handleCommand', () => {
  it('shows what stands, and appends after it', async () => {
    const ledger = createMemoryLedger();
    const stream = newStream();
    const seen: Basis[] = [];
    const decide = (basis: Basis) => {
      seen.push(basis);
      return [newEvent(), newEvent()];
    };
    const first = await handleCommand({ ledger, clock, stream, decide });
    const second = await handleCommand({ ledger, clock, stream, decide });
    expect(seen.map(({ nextRevision }) => nextRevision)).toEqual([0, 2]);
    expect(seen.map(({ last }) => last?.event.id)).toEqual([undefined, first.events[1]?.id]);
    expect(first.appended).toMatchObject({ revision: 1, duplicate: false });
    expect(second).toMatchObject({ basis: seen[1], appended: { revision: 3, duplicate: false } });
    expect(await readWhole(ledger, stream)).toHaveLength(4);
  });

  it('gives the clock its say on recordedAt, but never goes back behind the last event', async () => {
    const ledger = createMemoryLedger();
    const stream = newStream();
    const moving = fakeClock('2026-05-01T00:00:00.000Z');
    const record = async (): Promise<string> => {
      const decide = ({ recordedAt }: Basis) => [{ ...newEvent(), meta: { ...newEvent().meta, recordedAt } }];
      return (await handleCommand({ ledger, clock: moving, stream, decide })).basis.recordedAt;
    };
    expect(await record()).toBe('2026-05-01T00:00:00.000Z');
    moving.set('2026-04-30T23:59:59.999Z');
    expect(await record()).toBe('2026-05-01T00:00:00.000Z');
    moving.set('2026-05-01T00:00:00.001Z');
    expect(await record()).toBe('2026-05-01T00:00:00.001Z');
  });

  it('appends nothing when nothing is decided', async () => {
    const ledger = meddledLedger((append) => append());
    const handled = await handleCommand({ ledger, clock, stream: newStream(), decide: () => [] });
    expect(handled).toMatchObject({ events: [], appended: null });
    expect(ledger.calls).toEqual([]);
  });

  it('decides again on what stands after a conflict', async () => {
    const stream = newStream();
    const ledger = meddledLedger(async (append, _, nth) => {
      if (nth === 1) await ledger.inner.append(stream, [newEvent('the other')], 'none');
      return append();
    });
    const seen: (string | undefined)[] = [];
    const handled = await handleCommand({
      ledger,
      clock,
      stream,
      decide: ({ last }) => {
        seen.push(last?.event.id);
        return [newEvent('mine')];
      },
    });
    const stored = await readWhole(ledger, stream);
    expect(seen).toEqual([undefined, stored[0]?.event.id]);
    expect(handled.appended).toMatchObject({ revision: 1, duplicate: false });
  });

  it.each([
    [5, true],
    [6, false],
  ])('after %i conflicts: succeeds %s', async (conflicts, succeeds) => {
    const stream = newStream();
    let revision: number | 'none' = 'none';
    const ledger = meddledLedger(async (append, _, nth) => {
      if (nth <= conflicts) revision = (await ledger.inner.append(stream, [newEvent()], revision)).revision;
      return append();
    });
    const handled = handleCommand({ ledger, clock, stream, decide: () => [newEvent('mine')] });
    if (succeeds) expect((await handled).appended?.revision).toBe(conflicts);
    else await expect(handled).rejects.toBeInstanceOf(TooManyConflicts);
    expect(ledger.calls).toHaveLength(6);
  });

  it('passes other errors on at once, and lets the next command of the stream go on', async () => {
    const stream = newStream();
    const ledger = meddledLedger((append) => append());
    const broken = handleCommand({ ledger, clock, stream, decide: () => [newEvent('', 'no uuid')] });
    const refused = handleCommand({
      ledger,
      clock,
      stream,
      decide: () => {
        throw new TypeError('no');
      },
    });
    const fine = handleCommand({ ledger, clock, stream, decide: async () => Promise.resolve([newEvent()]) });
    await expect(broken).rejects.toBeInstanceOf(InvalidEvent);
    await expect(refused).rejects.toBeInstanceOf(TypeError);
    expect((await fine).appended).toMatchObject({ revision: 0 });
    expect(ledger.calls).toHaveLength(2);
  });

  it('gives many commands on one stream their turns, without a conflict', async () => {
    const stream = newStream();
    const ledger = meddledLedger((append) => append());
    const commands = Array.from({ length: 40 }, (_, i) =>
      handleCommand({ ledger, clock, stream, decide: () => [newEvent(String(i))] }),
    );
    const revisions = (await Promise.all(commands)).map(({ appended }) => appended?.revision);
    expect(revisions).toEqual(Array.from({ length: 40 }, (_, i) => i));
    expect(ledger.calls).toHaveLength(40);
  });

  it('does not make commands on different streams wait for one another', async () => {
    const ledger = createMemoryLedger();
    let release: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => (release = resolve));
    const waiting = handleCommand({
      ledger,
      clock,
      stream: newStream(),
      decide: () => slow.then(() => [newEvent()]),
    });
    await handleCommand({ ledger, clock, stream: newStream(), decide: () => [newEvent()] });
    release();
    await waiting;
  });
});

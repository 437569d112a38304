import { describe, expect, it } from 'vitest';
import { ensureLedger, REACTOR_CURSORS } from '../../../../ledger/commands/create-ledger.js';
import { IDENTITY_RULES } from '../../../../domain/identity/identity.js';
import {
  CopyUnfinished,
  ForeignLedger,
  OtherIdentityRules,
  WrongRootKey,
} from '../../../../ledger/errors.js';
import { createMemoryLedger, type MemoryLedger } from '../../../../ledger/memory/memory-ledger.js';
import { openRootKey } from '../../../../ledger/keys/root-key.js';
import { newEvent, newStream } from '../../../contract/ledger-support.js';
import { EVENT_SAMPLES } from '../../domain/event-samples.js';
import { fakeClock } from '../fakes.js';

const rootKey = openRootKey(Buffer.alloc(32, 1));
const clock = fakeClock('2026-05-01T00:00:00.000Z');
let next = 0;
const ensure = (ledger: MemoryLedger, key = rootKey) =>
  ensureLedger({
    ledger,
    cursors: ledger.cursors,
    rootKey: key,
    newId: () => `ledger-${String(next++)}`,
    clock,
  });

describe('ensureLedger', () => {
  it('makes the first event of all, and the cursors of both lanes', async () => {
    const ledger = createMemoryLedger();
    const { ledgerId } = await ensure(ledger);
    const [first, ...others] = await ledger.readAll({ after: 0n, limit: 10 });
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      stream: 'ledger-1',
      revision: 0,
      event: {
        type: 'ledger-created',
        data: { ledgerId, keyCheck: rootKey.keyCheck, identityRules: IDENTITY_RULES },
      },
    });
    for (const name of REACTOR_CURSORS) {
      expect(await ledger.cursors.load(name)).toEqual({ value: { after: '0', batch: null }, version: 0 });
    }
  });

  it('finds what is there, and writes nothing', async () => {
    const ledger = createMemoryLedger();
    const made = await ensure(ledger);
    await ledger.append(newStream(), [newEvent()], 'none');
    await ledger.cursors.save('reactor-messages', { after: '2', batch: null }, 0);
    expect(await ensure(ledger)).toEqual(made);
    expect(await ledger.readAll({ after: 0n, limit: 10 })).toHaveLength(2);
    expect(await ledger.cursors.load('reactor-messages')).toMatchObject({ version: 1 });
  });

  it('refuses another root key', async () => {
    const ledger = createMemoryLedger();
    await ensure(ledger);
    await expect(ensure(ledger, openRootKey(Buffer.alloc(32, 2)))).rejects.toBeInstanceOf(WrongRootKey);
  });

  it.each([
    [undefined, 'identity rules 1, this release by 2: bring it over once with `optledger copy'],
    [1, 'bring it over once with `optledger copy'],
    [3, 'start a newer release'],
  ])('refuses a ledger of identity rules %s, and names the remedy', async (identityRules, remedy) => {
    const ledger = createMemoryLedger();
    const created = EVENT_SAMPLES['ledger-created'];
    const { identityRules: _, ...first } = created.data;
    const data = {
      ...first,
      keyCheck: rootKey.keyCheck,
      ...(identityRules === undefined ? {} : { identityRules }),
    };
    await ledger.append('ledger-1', [{ ...created, data }], 'none');
    const opened = ensure(ledger);
    await expect(opened).rejects.toBeInstanceOf(OtherIdentityRules);
    await expect(opened).rejects.toThrow(remedy);
  });

  it('goes on after a crash between the cursors and the event', async () => {
    const ledger = createMemoryLedger();
    await ledger.cursors.save('reactor-messages', { after: '0', batch: null }, 'none');
    await ensure(ledger);
    expect(await ledger.cursors.load('reactor-messages')).toMatchObject({ version: 0 });
    expect(await ledger.cursors.load('reactor-callbacks')).toMatchObject({ version: 0 });
  });

  it('makes one ledger when several processes do it at once', async () => {
    const ledger = createMemoryLedger();
    const ids = await Promise.all([ensure(ledger), ensure(ledger), ensure(ledger)]);
    expect(new Set(ids.map(({ ledgerId }) => ledgerId)).size).toBe(1);
    expect(await ledger.readAll({ after: 0n, limit: 10 })).toHaveLength(1);
  });

  it.each(['ledger-1', 'project-1'])('refuses a ledger that begins otherwise: %s', async (stream) => {
    const ledger = createMemoryLedger();
    await ledger.append(stream, [newEvent()], 'none');
    await expect(ensure(ledger)).rejects.toBeInstanceOf(ForeignLedger);
    expect(await ledger.cursors.load('reactor-messages')).toBeUndefined();
  });

  it('tells the store from every other one, the same events or not, to several processes at once', async () => {
    const ledger = createMemoryLedger();
    const ids = await Promise.all([ensure(ledger), ensure(ledger), ensure(ledger)]);
    expect(new Set(ids.map(({ storeId }) => storeId)).size).toBe(1);
    const moved = await ensure({ ...ledger, cursors: createMemoryLedger().cursors });
    expect(moved.ledgerId).toBe(ids[0].ledgerId);
    expect(moved.storeId).not.toBe(ids[0].storeId);
  });

  it('refuses half a copy, and writes nothing', async () => {
    const ledger = createMemoryLedger();
    await ledger.cursors.save('copy', { events: 0, done: false }, 'none');
    await expect(ensure(ledger)).rejects.toBeInstanceOf(CopyUnfinished);
    expect(await ledger.readAll({ after: 0n, limit: 1 })).toEqual([]);
    await ledger.cursors.save('copy', { events: 0, done: true }, 0);
    await ensure(ledger);
  });

  it('gives no cursor to a ledger that has events: the reactor must be told where to begin', async () => {
    const ledger = createMemoryLedger();
    await ensure(ledger);
    const restored = { ...ledger, cursors: createMemoryLedger().cursors };
    await ensure(restored);
    expect(await restored.cursors.load('reactor-messages')).toBeUndefined();
  });
});

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LedgerEvent } from '../../domain/events/events.js';
import { compareLedgers } from '../../ledger/copy/compare-ledgers.js';
import { AS_STORED, copyLedger, type CopySource } from '../../ledger/copy/copy-ledger.js';
import { ensureLedger } from '../../ledger/commands/create-ledger.js';
import type { CursorStore } from '../../ledger/cursor.js';
import {
  AppendUnclear,
  CopyDiffers,
  CopyUnfinished,
  ForeignLedger,
  SourceInUse,
  TargetNotEmpty,
} from '../../ledger/errors.js';
import { openKurrentLedger, type KurrentLedgerOptions } from '../../ledger/kurrent/kurrent-ledger.js';
import type { Ledger, Position } from '../../ledger/ledger.js';
import { openRootKey } from '../../ledger/keys/root-key.js';
import { openSqliteLedger } from '../../ledger/sqlite/sqlite-ledger.js';
import { newEvent } from '../contract/ledger-support.js';
import { startFakeKurrent, type FakeKurrent } from '../support/kurrent/fake-server.js';

type Opened = Ledger & { readonly cursors: CursorStore; headPosition(): Position; close(): Promise<void> };

const STREAMS = 40;
const EVENTS = 3_000;
const clock = { now: () => Date.now() };
const rootKey = openRootKey(Buffer.alloc(32, 3));
const quiet = (): void => undefined;

let folder: string;
let server: FakeKurrent;
const opened: Opened[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'optledger-copy-'));
  server = await startFakeKurrent();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((ledger) => ledger.close()));
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function sqlite(name: string): Promise<Opened> {
  const file = join(folder, `${name}.db`);
  const ledger = await openSqliteLedger({ file, lockFile: `${file}.lock`, codec: AS_STORED });
  opened.push(ledger);
  return ledger;
}

async function kurrent(timing?: KurrentLedgerOptions['timing']): Promise<Opened> {
  const ledger = await openKurrentLedger({
    ...{ url: server.url, clock, newId: randomUUID, codec: AS_STORED, bulk: true },
    ...(timing && { timing }),
  });
  opened.push(ledger);
  return ledger;
}

const ensure = ({ ...ledger }: Opened) =>
  ensureLedger({ ledger, cursors: ledger.cursors, rootKey, newId: randomUUID, clock });

/** A ledger of one event, `ledger-created`. */
async function begun(name: string): Promise<Opened> {
  const ledger = await sqlite(name);
  await ensure(ledger);
  return ledger;
}

/** Some streams of one event, some of hundreds, written in turn; events of an older version among them. */
async function filled(name: string): Promise<Opened> {
  const ledger = await begun(name);
  const heads = new Map<string, number>();
  const pending: Promise<unknown>[] = [];
  for (let n = 1; n < EVENTS; n += 1) {
    const stream = `project-${String(n % 7 === 0 ? n : Math.floor(Math.sqrt(n)) % STREAMS)}`;
    const head = heads.get(stream);
    const event = newEvent(`event ${String(n)} é`);
    // As a release of long ago may have written it: another order, a field that is gone.
    const stored = n % 5 === 0 ? { ...event, version: 0, data: { gone: n, ...event.data } } : event;
    pending.push(ledger.append(stream, [stored as LedgerEvent], head ?? 'none'));
    heads.set(stream, (head ?? -1) + 1);
    if (pending.length === 200) await Promise.all(pending.splice(0));
  }
  await Promise.all(pending);
  return ledger;
}

/** Longer than the server has for one answer, and than an append is repeated where somebody waits for it. */
async function trouble(how: 'stands still' | 'is away'): Promise<void> {
  if (how === 'is away') await server.stop();
  else server.freeze();
  await delay(6_000);
  if (how === 'is away') await server.start();
  else server.thaw();
}

interface Given {
  readonly source: Opened;
  readonly to: Opened;
  readonly together?: number;
  readonly from?: Partial<CopySource>;
  readonly onProgress?: (step: string) => void;
}

const copy = ({ source, to, together = 1, from = {}, onProgress = quiet }: Given) =>
  copyLedger({
    from: {
      ...{ ledger: source, cursors: source.cursors, head: source.headPosition() },
      ...{ refuseOwed: async () => undefined, ...from },
    },
    ...{ to: { ledger: to, cursors: to.cursors, together }, clock, onProgress },
  });

/** As `to`, until so many appends were made. */
function breaking(to: Opened, appendsLeft: number): Opened {
  let left = appendsLeft;
  return {
    ...to,
    append: (...given) => {
      left -= 1;
      return left < 0 ? Promise.reject(new Error('broken off')) : to.append(...given);
    },
  };
}

describe('a copy of a ledger', () => {
  it('is the same, from file to server to file', { timeout: 60_000 }, async () => {
    const [source, middle, end] = [await filled('a'), await kurrent(), await sqlite('b')];
    const there = await copy({ source, to: middle });
    const back = await copy({ source: middle, to: end, together: 256 });
    expect(there.events).toBe(EVENTS);
    expect([back.events, back.sha256]).toEqual([there.events, there.sha256]);
    expect(await compareLedgers(source, end, quiet)).toEqual(back);
    for (const [ledger, head] of [
      [middle, server.log.events.findLast(({ stream }) => stream.startsWith('project-'))?.position],
      [end, EVENTS],
    ] as const) {
      const reactor = await ledger.cursors.load('reactor-messages');
      expect(reactor?.value).toEqual({ after: String(head), batch: null });
    }
  });

  it.each(['file', 'server'] as const)(
    'goes on where it was broken off, twice: to a %s',
    { timeout: 60_000 },
    async (kind) => {
      const source = await filled('a');
      const to = kind === 'file' ? await sqlite('b') : await kurrent();
      const together = kind === 'file' ? 256 : 1;
      let looks = 0;
      const from = { refuseOwed: async () => void (looks += 1) };
      for (const appends of [250, 400]) {
        const copying = copy({ source, to: breaking(to, appends), together, from });
        await expect(copying).rejects.toThrow('broken off');
        await expect(ensure(to)).rejects.toBeInstanceOf(CopyUnfinished);
        await expect(copy({ source: to, to: await begun(randomUUID()) })).rejects.toBeInstanceOf(
          CopyUnfinished,
        );
      }
      expect((await copy({ source, to, together, from })).events).toBe(EVENTS);
      expect(looks).toBe(1);
      await ensure(to);
    },
  );

  it.each(['file', 'server'] as const)(
    'goes on although the source has grown since: to a %s',
    async (kind) => {
      const source = await begun('a');
      const to = kind === 'file' ? await sqlite('b') : await kurrent();
      await source.append('project-1', [newEvent('one')], 'none');
      // Both are written, but not that they are.
      const cursors: CursorStore = {
        ...to.cursors,
        save: (name, value, expected) =>
          (value as { events?: number }).events === 2
            ? Promise.reject(new Error('broken off'))
            : to.cursors.save(name, value, expected),
      };
      await expect(copy({ source, to: { ...to, cursors } })).rejects.toThrow('broken off');
      await source.append('project-1', [newEvent('two'), newEvent('three')], 0);
      let looks = 0;
      const from = { refuseOwed: async () => void (looks += 1) };
      expect((await copy({ source, to, from })).events).toBe(4);
      expect(looks).toBe(1);
    },
  );

  it('repeats an append whose outcome is not known', async () => {
    const [source, to] = [await filled('a'), await kurrent()];
    let unclear = 0;
    const forgetful: Opened = {
      ...to,
      async append(...given) {
        const appended = await to.append(...given);
        if (unclear < 3 && appended.revision % 4 === 1) {
          unclear += 1;
          throw new AppendUnclear('planted');
        }
        return appended;
      },
    };
    expect((await copy({ source, to: forgetful })).events).toBe(EVENTS);
    expect(unclear).toBe(3);
  });

  it('goes into an empty ledger only', async () => {
    const [source, to] = [await begun('a'), await sqlite('b')];
    await to.append('project-1', [newEvent()], 'none');
    await expect(copy({ source, to })).rejects.toBeInstanceOf(TargetNotEmpty);
  });

  it('is not made a second time', async () => {
    const [source, to] = [await begun('a'), await sqlite('b')];
    await copy({ source, to });
    await expect(copy({ source, to })).rejects.toBeInstanceOf(TargetNotEmpty);
  });

  it('is not made of what owes something; the empty target is no new ledger then, and takes any copy', async () => {
    const [source, to] = [await begun('a'), await sqlite('b')];
    const from = { refuseOwed: () => Promise.reject(new Error('owed')) };
    await expect(copy({ source, to, from })).rejects.toThrow('owed');
    expect(await to.readAll({ after: 0n, limit: 1 })).toEqual([]);
    await expect(ensure(to)).rejects.toBeInstanceOf(CopyUnfinished);
    await copy({ source: await begun('c'), to });
    await ensure(to);
  });

  it.each([
    ['stands still', 'copying'],
    ['stands still', 'comparing'],
    ['is away', 'copying'],
    ['is away', 'comparing'],
  ] as const)('waits for a server that %s while it is %s', { timeout: 60_000 }, async (how, when) => {
    const [source, to] = [await filled('a'), await kurrent({ deadlineMs: 150, graceMs: 100, readMs: 300 })];
    let troubled: Promise<void> | undefined;
    const onProgress = (step: string): void => {
      if (step === when) troubled ??= trouble(how);
    };
    expect((await copy({ source, to, onProgress })).events).toBe(EVENTS);
    expect(troubled).toBeDefined();
    await troubled;
  });

  it('is not made of nothing, nor of what is no ledger', async () => {
    const [nothing, foreign, to] = [await sqlite('a'), await sqlite('b'), await sqlite('c')];
    await foreign.append('project-1', [newEvent()], 'none');
    for (const source of [nothing, foreign]) {
      await expect(copy({ source, to })).rejects.toBeInstanceOf(ForeignLedger);
    }
  });

  it('notices that somebody writes to the source', async () => {
    const [source, to] = [await begun('a'), await sqlite('b')];
    const from = {
      refuseOwed: async () => {
        await source.append('project-1', [newEvent()], 'none');
      },
    };
    await expect(copy({ source, to, from })).rejects.toBeInstanceOf(SourceInUse);
  });

  it.each(['another ledger', 'the same ledger in another store'])(
    'does not go on with %s',
    { timeout: 60_000 },
    async (kind) => {
      const [source, to, middle] = [await filled('a'), await sqlite('b'), await kurrent()];
      await copy({ source, to: middle });
      await expect(copy({ source, to: breaking(to, 600), together: 256 })).rejects.toThrow('broken off');
      const other = kind === 'another ledger' ? await begun('c') : middle;
      await expect(copy({ source: other, to, together: 256 })).rejects.toBeInstanceOf(CopyDiffers);
      expect((await copy({ source, to, together: 256 })).events).toBe(EVENTS);
    },
  );

  it('is not taken for one where something else stands at its place', async () => {
    const [source, to] = [await begun('a'), await sqlite('b')];
    await source.append('project-1', [newEvent('mine')], 'none');
    const from = {
      refuseOwed: async () => {
        await to.append('project-1', [newEvent('other')], 'none');
      },
    };
    await expect(copy({ source, to, from })).rejects.toThrow('project-1 is at revision 0');
    await expect(ensure(to)).rejects.toBeInstanceOf(CopyUnfinished);
  });
});

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compareLedgers } from '../../ledger/compare-ledgers.js';
import { AS_STORED, copyLedger } from '../../ledger/copy-ledger.js';
import type { CursorStore } from '../../ledger/cursor.js';
import { CopyDiffers, TargetNotEmpty } from '../../ledger/errors.js';
import { openKurrentLedger } from '../../ledger/kurrent/kurrent-ledger.js';
import type { Ledger } from '../../ledger/ledger.js';
import { openSqliteLedger } from '../../ledger/sqlite/sqlite-ledger.js';
import { newEvent } from '../contract/ledger-support.js';
import { startFakeKurrent, type FakeKurrent } from '../support/kurrent/fake-server.js';

type Opened = Ledger & { readonly cursors: CursorStore; close(): Promise<void> };

const STREAMS = 40;
const EVENTS = 3_000;
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

async function kurrent(): Promise<Opened> {
  const clock = { now: () => Date.now() };
  const ledger = await openKurrentLedger({ url: server.url, clock, newId: randomUUID, codec: AS_STORED });
  opened.push(ledger);
  return ledger;
}

/** Some streams of one event, some of hundreds, written in turn; events of an older version among them. */
async function fill(ledger: Ledger): Promise<void> {
  const heads = new Map<string, number>();
  let pending: Promise<unknown>[] = [];
  for (let n = 0; n < EVENTS; n += 1) {
    const stream = `project-${String(n % 7 === 0 ? n : Math.floor(Math.sqrt(n)) % STREAMS)}`;
    const head = heads.get(stream);
    const event = newEvent(`event ${String(n)} é`);
    // As a release of long ago may have written it: another order, a field that is gone.
    const stored = n % 5 === 0 ? { ...event, version: 0, data: { gone: n, ...event.data } } : event;
    pending.push(ledger.append(stream, [stored as typeof event], head ?? 'none'));
    heads.set(stream, (head ?? -1) + 1);
    if (pending.length === 200) await Promise.all(pending.splice(0));
  }
  await Promise.all(pending);
  pending = [];
}

const target = (ledger: Opened, together: number) => ({ ledger, cursors: ledger.cursors, together });

describe('a copy of a ledger', () => {
  it('is the same, from file to server to file', { timeout: 60_000 }, async () => {
    const [source, middle, end] = [await sqlite('a'), await kurrent(), await sqlite('b')];
    await fill(source);
    expect(await copyLedger({ from: { ledger: source }, to: target(middle, 1), onProgress: quiet })).toBe(
      EVENTS,
    );
    expect(await copyLedger({ from: { ledger: middle }, to: target(end, 256), onProgress: quiet })).toBe(
      EVENTS,
    );
    const there = await compareLedgers(source, middle, quiet);
    expect(await compareLedgers(source, end, quiet)).toEqual(there);
    expect(there.events).toBe(EVENTS);
    const reactor = await end.cursors.load('reactor-messages');
    expect(reactor?.value).toEqual({ after: String(EVENTS), batch: null });
  });

  it.each(['file', 'server'] as const)(
    'goes on where it was broken off, twice: to a %s',
    { timeout: 60_000 },
    async (kind) => {
      const source = await sqlite('a');
      await fill(source);
      const to = kind === 'file' ? await sqlite('b') : await kurrent();
      const together = kind === 'file' ? 256 : 1;
      for (const breakAfter of [250, 400]) {
        let appends = 0;
        const broken: Opened = {
          ...to,
          append: (...given) => {
            appends += 1;
            return appends > breakAfter ? Promise.reject(new Error('broken off')) : to.append(...given);
          },
        };
        const copying = copyLedger({
          from: { ledger: source },
          to: target(broken, together),
          onProgress: quiet,
        });
        await expect(copying).rejects.toThrow('broken off');
      }
      expect(
        await copyLedger({ from: { ledger: source }, to: target(to, together), onProgress: quiet }),
      ).toBe(EVENTS);
      expect((await compareLedgers(source, to, quiet)).events).toBe(EVENTS);
    },
  );

  it('goes into an empty ledger only', async () => {
    const [source, to] = [await sqlite('a'), await sqlite('b')];
    await to.append('project-1', [newEvent()], 'none');
    const copying = copyLedger({ from: { ledger: source }, to: target(to, 1), onProgress: quiet });
    await expect(copying).rejects.toBeInstanceOf(TargetNotEmpty);
  });

  it('is not made a second time', async () => {
    const [source, to] = [await sqlite('a'), await sqlite('b')];
    await source.append('project-1', [newEvent()], 'none');
    const copying = () => copyLedger({ from: { ledger: source }, to: target(to, 1), onProgress: quiet });
    await copying();
    await expect(copying()).rejects.toBeInstanceOf(TargetNotEmpty);
  });
});

describe('a comparison', () => {
  it.each([
    ['another text', (id: string) => [newEvent('other', id)]],
    ['another id', () => [newEvent('same')]],
    ['one more', (id: string) => [newEvent('same', id), newEvent('more')]],
    ['one less', () => []],
  ])('finds %s', async (_, events) => {
    const [a, b] = [await sqlite('a'), await sqlite('b')];
    const id = randomUUID();
    await a.append('project-1', [newEvent('same', id)], 'none');
    const others = events(id);
    if (others.length > 0) await b.append('project-1', others, 'none');
    await expect(compareLedgers(a, b, quiet)).rejects.toBeInstanceOf(CopyDiffers);
  });
});

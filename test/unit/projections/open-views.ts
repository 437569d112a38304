import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LedgerEvent } from '../../../domain/events/events.js';
import type { Ledger, Position } from '../../../ledger/ledger.js';
import { createMemoryLedger } from '../../../ledger/memory/memory-ledger.js';
import { openViews, type Views } from '../../../projections/views.js';
import { dumpViews } from '../../../projections/engine/dump-views.js';

/** Long enough that only a broken view runs into it. */
export const PATIENCE_MS = 5000;

/** A directory of its own for the files of one test. */
export function withDirectory<T>(use: (file: (name: string) => string) => T): T {
  const dir = mkdtempSync(join(tmpdir(), 'optledger-views-'));
  const remove = (): void => {
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    const result = use((name) => join(dir, name));
    if (!(result instanceof Promise)) return result;
    return result.finally(remove) as T;
  } catch (error) {
    remove();
    throw error;
  }
}

export async function headOf(ledger: Ledger): Promise<Position> {
  let head = 0n;
  for (;;) {
    const last = (await ledger.readAll({ after: head, limit: 1000 })).at(-1);
    if (last === undefined) return head;
    head = last.position;
  }
}

/** Opens the views and runs them until they have folded the whole ledger; they are stopped and closed at the end. */
export async function withViews<T>(
  options: { readonly file: string; readonly ledger: Ledger },
  use: (views: Views) => T | Promise<T>,
): Promise<T> {
  const views = await openViews(options);
  const stop = new AbortController();
  const running = views.run(stop.signal);
  try {
    await views.passed(await headOf(options.ledger), PATIENCE_MS);
    return await use(views);
  } finally {
    stop.abort();
    await running;
    views.close();
  }
}

export const dumpOf = (file: string): string => [...dumpViews(file)].join('\n');

/** A ledger that holds these events, each in its own stream unless it names one. */
export async function ledgerOf(
  events: readonly (LedgerEvent | readonly [string, LedgerEvent])[],
): Promise<Ledger> {
  const ledger = createMemoryLedger();
  const heads = new Map<string, number>();
  for (const one of events) {
    const [stream, event] = 'id' in one ? [`stream-${one.id}`, one] : one;
    const head = heads.get(stream);
    await ledger.append(stream, [event], head ?? 'none');
    heads.set(stream, (head ?? -1) + 1);
  }
  return ledger;
}

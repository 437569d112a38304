import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AS_STORED } from '../../ledger/copy/copy-ledger.js';
import { openKurrentLedger } from '../../ledger/kurrent/kurrent-ledger.js';
import { isServerUrl } from '../../ledger/kurrent/kurrent-url.js';
import { openSqliteLedger } from '../../ledger/sqlite/sqlite-ledger.js';
import type { OpenLedger } from '../wiring/open-ledger.js';
import { systemClock } from '../machine/system-clock.js';
import { CommandFailed, EXIT } from './exit-codes.js';
import { newUuid } from '../machine/chance.js';

/** A store that a ledger is copied from or to. */
export type CopyStore =
  { readonly kind: 'file'; readonly file: string } | { readonly kind: 'server'; readonly url: string };

/**
 * Appends that may be under way together and still are written in their order: a file writes what comes in one turn in
 * its order; a server promises that for one append after another.
 */
export const TOGETHER: Readonly<Record<CopyStore['kind'], number>> = { file: 1_000, server: 1 };

/**
 * @param given `sqlite:<file>`, `esdb://…`, or `@<file>` that holds such a URL: a URL may hold a password, which has no
 *   place on a command line that others can list
 */
export function copyStore(given: string): CopyStore {
  const url = given.startsWith('@') ? readFileSync(given.slice(1), 'utf8').trim() : given;
  if (isServerUrl(url)) return { kind: 'server', url };
  const file = /^sqlite:(?<file>.+)$/.exec(url)?.groups?.['file'];
  if (file !== undefined) return { kind: 'file', file: resolve(file) };
  throw new CommandFailed(
    EXIT.usage,
    'expected sqlite:<file>, esdb://…, kurrentdb://… or @<file> that holds such a URL',
  );
}

export function isSameStore(a: CopyStore, b: CopyStore): boolean {
  const name = (store: CopyStore): string => (store.kind === 'file' ? store.file : store.url);
  return name(a) === name(b);
}

/** @throws LedgerLocked while a process holds the file; CommandFailed where there is none */
export async function openSource(store: CopyStore): Promise<OpenLedger> {
  if (store.kind === 'server') return openServer(store.url);
  // Opening would make one.
  if (!existsSync(store.file)) throw new CommandFailed(EXIT.failed, `there is no ledger at ${store.file}`);
  return openFile(store.file);
}

/** @throws LedgerLocked while a process holds the file */
export async function openTarget(store: CopyStore): Promise<OpenLedger> {
  if (store.kind === 'server') return openServer(store.url);
  mkdirSync(dirname(store.file), { recursive: true, mode: 0o700 });
  return openFile(store.file);
}

const openServer = (url: string): Promise<OpenLedger> =>
  openKurrentLedger({ url, clock: systemClock, newId: newUuid, codec: AS_STORED, bulk: true });

/** The lock is the one that an instance with this file takes. */
const openFile = (file: string): Promise<OpenLedger> =>
  openSqliteLedger({
    ...{ file, lockFile: `${file.replace(/\.db$/, '')}.lock`, codec: AS_STORED },
    appendsPerCommit: TOGETHER.file,
  });

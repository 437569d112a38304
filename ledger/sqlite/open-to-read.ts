import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

/** A read waits for so long for a commit of whoever writes. */
const BUSY_MS = 1_000;

/**
 * Opens an SQLite file for a look from outside, whether a process uses it or not: nothing is written, and no lock is
 * held that a writer would meet. Where no log stands beside the file nobody has it open; it is then read as it is
 * (`immutable`, sqlite.org/uri.html), since SQLite would make a log and an index that belong to whoever looks.
 * @throws SQLite's error for a file that is not there or that may not be read
 */
export function openToRead(file: string): DatabaseSync {
  const url = pathToFileURL(file);
  if (!existsSync(`${file}-wal`)) url.searchParams.set('immutable', '1');
  return new DatabaseSync(url, { readOnly: true, timeout: BUSY_MS });
}

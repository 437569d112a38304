import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { ForeignLedger, LedgerUnavailable } from '../errors.js';
import { SCHEMA } from './sqlite-schema.js';

/** This is "OPTL", which tells our file from any other SQLite database. */
const APPLICATION_ID = 0x4f50544c;
const SCHEMA_VERSION = 1;
const SYNCHRONOUS_FULL = 2;
/** A commit waits for so long for a foreign writer, e.g. somebody's SQLite shell; it blocks the process. */
const BUSY_MS = 1_000;

const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

/** Takes the primary result code from an SQLite error (sqlite.org/rescode.html); undefined for any other value. */
function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined;
  return error.errcode & 0xff;
}

/** Whether another connection holds the lock. */
export function isBusy(error: unknown): boolean {
  return resultCode(error) === SQLITE_BUSY;
}

/** Whether SQLite threw this over a file that is no database, or no whole one. */
export function isDamage(error: unknown): boolean {
  const code = resultCode(error);
  return code === SQLITE_CORRUPT || code === SQLITE_NOTADB;
}

/** Creates the file readable for its owner only; an existing one stays as it is. */
export function createPrivateFile(file: string): void {
  closeSync(openSync(file, 'a', 0o600));
}

/**
 * Opens a ledger file, creating it where there is none. The caller holds the lock.
 * @throws ForeignLedger when the file is something else or of a newer release
 */
export function openLedgerFile(file: string): DatabaseSync {
  createPrivateFile(file);
  const db = new DatabaseSync(file, { timeout: BUSY_MS });
  try {
    checkOrigin(db, file);
    configure(db);
    if (pragma(db, 'user_version') === 0) createSchema(db);
    return db;
  } catch (error) {
    db.close();
    if (resultCode(error) === SQLITE_NOTADB) throw new ForeignLedger(`${file} is not an SQLite database`);
    throw error;
  }
}

/**
 * Opens a ledger file beside whoever writes to it; no lock is needed.
 * @throws ForeignLedger when the file is something else, empty or of a newer release
 */
export function openForReading(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { readOnly: true, timeout: BUSY_MS });
  try {
    checkOrigin(db, file);
    if (pragma(db, 'application_id') === 0) throw new ForeignLedger(`${file} is empty`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Checks that a file is ours. @throws ForeignLedger when it is something else or of a newer release */
export function checkOrigin(db: DatabaseSync, file: string): void {
  const [id, version] = [pragma(db, 'application_id'), pragma(db, 'user_version')];
  // A crash while it was made leaves a database without tables.
  const isNew = id === 0 && version === 0 && db.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
  if (!isNew && id !== APPLICATION_ID) throw new ForeignLedger(`${file} is not a ledger`);
  if (Number(version) > SCHEMA_VERSION) {
    throw new ForeignLedger(`${file} was written by a newer release (schema ${String(version)})`);
  }
}

function configure(db: DatabaseSync): void {
  db.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    -- Else INSERT OR REPLACE would delete rows past the trigger.
    PRAGMA recursive_triggers = ON;
    PRAGMA cache_size = -32768;
    PRAGMA journal_size_limit = 67108864;
  `);
  // Some builds reopen a WAL database at NORMAL, where acknowledged events can vanish on power loss.
  if (pragma(db, 'journal_mode') !== 'wal' || pragma(db, 'synchronous') !== SYNCHRONOUS_FULL) {
    throw new LedgerUnavailable(
      'this SQLite does not keep WAL with synchronous=FULL: commits would not be durable',
    );
  }
}

function createSchema(db: DatabaseSync): void {
  db.exec(`
    BEGIN IMMEDIATE;
    ${SCHEMA}
    PRAGMA application_id = ${String(APPLICATION_ID)};
    PRAGMA user_version = ${String(SCHEMA_VERSION)};
    COMMIT;
  `);
}

function pragma(db: DatabaseSync, name: string): unknown {
  return Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0];
}

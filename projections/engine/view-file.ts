import { createHash } from 'node:crypto';
import { chmodSync, closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { START, type Position, type Recorded } from '../../ledger/ledger.js';
import { TABLES } from '../view-set.js';

/** This number goes up when the same events are folded otherwise into the same tables. */
const RULES_VERSION = 2;

const CHECKPOINT_TABLES = `
  CREATE TABLE checkpoint (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    position INTEGER NOT NULL,
    stream TEXT NOT NULL,
    revision INTEGER NOT NULL,
    event_id TEXT NOT NULL,
    recorded_at TEXT NOT NULL
  ) STRICT;
  CREATE TABLE schema (version TEXT PRIMARY KEY) WITHOUT ROWID, STRICT;
`;

const ALL_TABLES = CHECKPOINT_TABLES + TABLES;
const SCHEMA_VERSION = `${String(RULES_VERSION)}-${createHash('sha256').update(ALL_TABLES).digest('hex').slice(0, 16)}`;

/** The last event that the rows contain. */
export interface Checkpoint {
  readonly position: Position;
  readonly stream: string;
  readonly revision: number;
  readonly eventId: string;
  /** RFC 3339. */
  readonly recordedAt: string;
}

/** Opens the file, readable by its owner only, and makes the tables where there are none. */
export function openViewFile(file: string): DatabaseSync {
  // SQLite gives its side files the mode of the main one.
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
  const db = new DatabaseSync(file);
  try {
    // What a power cut takes from the views, the ledger gives back. A checkpoint of the log holds the event loop, so the
    // log is kept to 2,000 pages, and there are many small checkpoints.
    db.exec(`
      PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536;
      PRAGMA wal_autocheckpoint = 2000; PRAGMA temp_store = MEMORY;`);
    const { n } = db.prepare('SELECT count(*) AS n FROM sqlite_schema').get() as { n: number };
    if (n === 0) db.exec(`BEGIN; ${ALL_TABLES} INSERT INTO schema VALUES ('${SCHEMA_VERSION}'); COMMIT`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** These are SQLITE_CORRUPT and SQLITE_NOTADB. */
const UNREADABLE: ReadonlySet<unknown> = new Set([11, 26]);

/** Whether SQLite threw this over a file that is no database, or no whole one. */
export function isUnreadableFile(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && UNREADABLE.has(error.errcode);
}

/** Whether this version of the code wrote the file. */
export function hasThisSchema(db: DatabaseSync): boolean {
  const known = db.prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema'`).get();
  return (
    known !== undefined &&
    db.prepare('SELECT 1 FROM schema WHERE version = ?').get(SCHEMA_VERSION) !== undefined
  );
}

/** Reads how far the rows are; undefined before the first event. */
export function readCheckpoint(db: DatabaseSync): Checkpoint | undefined {
  const row = db
    .prepare(
      `SELECT CAST(position AS TEXT) AS position, stream, revision, event_id AS eventId, recorded_at AS recordedAt
       FROM checkpoint`,
    )
    .get() as (Omit<Checkpoint, 'position'> & { position: string }) | undefined;
  return row && { ...row, position: BigInt(row.position) };
}

/** Reads the position of the last event that the rows contain; `START` before the first event. */
export function foldedPosition(db: DatabaseSync): Position {
  return readCheckpoint(db)?.position ?? START;
}

/** Writes checkpoints; to be used within the transaction that writes the rows. */
export function checkpointWriter(db: DatabaseSync): (recorded: Recorded) => void {
  const write = db.prepare(`
    INSERT INTO checkpoint VALUES (1, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET position = excluded.position,
      stream = excluded.stream, revision = excluded.revision, event_id = excluded.event_id,
      recorded_at = excluded.recorded_at`);
  return ({ position, stream, revision, event }) => {
    write.run(position, stream, revision, event.id, event.meta.recordedAt);
  };
}

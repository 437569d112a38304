import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { createAppEventCache } from './app-event-cache.js';
import { judgeAppend, type Stood } from '../append-rules.js';
import { decodeEvent, decodeOwnEvent, type EncodedEvent } from '../encode-append.js';
import type { EventCodec } from '../event-codec.js';
import {
  START,
  type Appended,
  type Expected,
  type Position,
  type Recorded,
  type ReadStream,
} from '../ledger.js';

/** The table of events by prepared statements; synchronous. Writes belong inside a transaction. */
export interface SqliteEvents {
  write(stream: string, events: readonly EncodedEvent[], expected: Expected): Appended;
  readStream(stream: string, read: ReadStream): readonly Recorded[];
  readPage(after: Position, limit: number): readonly Recorded[];
  /** Position of the last event, `START` without one. */
  headPosition(): Position;
}

interface Row extends EncodedEvent {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
}

export function createSqliteEvents(db: DatabaseSync, codec: EventCodec): SqliteEvents {
  const insert = db.prepare(
    'INSERT INTO events (stream, revision, id, type, version, data, personal, meta) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const forwards = db.prepare(
    'SELECT * FROM events WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?',
  );
  const backwards = db.prepare(
    'SELECT * FROM events WHERE stream = ? AND revision <= ? ORDER BY revision DESC LIMIT ?',
  );
  const newest = db.prepare('SELECT * FROM events WHERE stream = ? ORDER BY revision DESC LIMIT 1');
  const page = db.prepare('SELECT * FROM events WHERE position > ? ORDER BY position LIMIT ?');
  const last = db.prepare('SELECT max(position) AS position FROM events');
  const headPosition = (): Position =>
    BigInt((last.get() as { readonly position: number | null }).position ?? 0);
  // The file is locked, so this process wrote whatever comes after this position.
  const foreign = headPosition();
  const stood = prepareStood(db);
  const apps = createAppEventCache();

  const recorded = (row: Row): Recorded => {
    const position = BigInt(row.position);
    const event = position > foreign ? decodeOwnEvent(row) : decodeEvent(codec, row);
    return { stream: row.stream, revision: row.revision, position, event };
  };
  const read = (statement: StatementSync, ...parameters: readonly (string | number | bigint)[]): Recorded[] =>
    (statement.all(...parameters) as unknown as readonly Row[]).map(recorded);
  // For one row `get` costs half of `all`, and every decision reads the last event of a stream.
  const readNewest = (stream: string): Recorded | undefined => {
    const row = newest.get(stream) as unknown as Row | undefined;
    return row && recorded(row);
  };

  return {
    write(stream, events, expected) {
      const ids = events.map(({ id }) => id);
      const judged = judgeAppend(stood, stream, ids, expected);
      if (judged !== undefined) return judged;
      apps.forget(stream);
      let revision = expected === 'none' ? -1 : expected;
      let position = START;
      for (const { id, type, version, data, personal, meta } of events) {
        revision += 1;
        position = BigInt(
          insert.run(stream, revision, id, type, version, data, personal, meta).lastInsertRowid,
        );
      }
      return { revision, position, duplicate: false };
    },
    readStream(stream, { from, direction, limit }) {
      if (direction === 'forwards') return read(forwards, stream, from, limit);
      if (from !== 'end') return read(backwards, stream, from, limit);
      if (limit > 1) return read(backwards, stream, Number.MAX_SAFE_INTEGER, limit);
      const only = apps.last(stream, () => readNewest(stream));
      return only === undefined ? [] : [only];
    },
    readPage: (after, limit) => read(page, after, limit),
    headPosition,
  };
}

function prepareStood(db: DatabaseSync): Stood {
  const place = db.prepare('SELECT stream, revision, position FROM events WHERE id = ?');
  const head = db.prepare('SELECT revision FROM events WHERE stream = ? ORDER BY revision DESC LIMIT 1');
  return {
    placeOf(id) {
      const row = place.get(id) as Pick<Row, 'stream' | 'revision' | 'position'> | undefined;
      return row && { ...row, position: BigInt(row.position) };
    },
    headOf: (stream) => (head.get(stream) as Pick<Row, 'revision'> | undefined)?.revision ?? 'none',
  };
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import { judgeAppend, type Place, type Stood } from '../append-rules.js';
import type { CursorStore } from '../cursor.js';
import { encodeAppend, decodeEvent, type EncodedEvent } from '../encode-append.js';
import { SCHEMA_CODEC, type EventCodec } from '../event-codec.js';
import { createHead } from '../head.js';
import {
  START,
  type Appended,
  type Expected,
  type Ledger,
  type Position,
  type Recorded,
  type ReadStream,
} from '../ledger.js';
import { createMemoryCursors } from './memory-cursors.js';
import { checkLimit, checkReadStream } from '../read-limits.js';
import { subscribeTo } from '../subscription.js';

/** A ledger that forgets everything with the process: for tests. */
export interface MemoryLedger extends Ledger {
  readonly cursors: CursorStore;
}

interface Row extends Place {
  readonly encoded: EncodedEvent;
}

/** Keeps events as text, like a real one, so that nobody shares objects with it. */
export function createMemoryLedger(codec: EventCodec = SCHEMA_CODEC): MemoryLedger {
  const rows: Row[] = [];
  const byId = new Map<string, Row>();
  const byStream = new Map<string, Row[]>();
  const head = createHead(START);
  const headOf = (stream: string): Expected => byStream.get(stream)?.at(-1)?.revision ?? 'none';
  const stood: Stood = { placeOf: (id) => byId.get(id), headOf };
  const toRecorded = ({ stream, revision, position, encoded }: Row): Recorded => ({
    stream,
    revision,
    position,
    event: decodeEvent(codec, encoded),
  });

  function write(stream: string, encoded: EncodedEvent): void {
    const ofStream = byStream.get(stream) ?? [];
    const row = { stream, revision: ofStream.length, position: BigInt(rows.length + 1), encoded };
    ofStream.push(row);
    byStream.set(stream, ofStream);
    byId.set(encoded.id, row);
    rows.push(row);
  }

  function commit(stream: string, encoded: readonly EncodedEvent[], expected: Expected): Appended {
    const ids = encoded.map(({ id }) => id);
    const judged = judgeAppend(stood, stream, ids, expected);
    if (judged !== undefined) return judged;
    for (const event of encoded) write(stream, event);
    head.moveTo(BigInt(rows.length));
    const revision = (expected === 'none' ? -1 : expected) + encoded.length;
    return { revision, position: head.position(), duplicate: false };
  }

  const readPage = (after: Position, limit: number): readonly Recorded[] =>
    rows.slice(Number(after), Number(after) + limit).map(toRecorded);

  return {
    cursors: createMemoryCursors(),
    async append(stream, events, expected) {
      const encoded = encodeAppend(codec, events, expected);
      // Commits come with the next turn, as in SQLite, so that code which works only by luck of timing fails here too.
      await nextTurn();
      return commit(stream, encoded, expected);
    },
    async readStream(stream, read) {
      checkReadStream(read);
      return slice(byStream.get(stream) ?? [], read).map(toRecorded);
    },
    async readAll({ after, limit }) {
      checkLimit(limit);
      return readPage(after, limit);
    },
    subscribe: (read) => subscribeTo({ readPage, head }, read),
  };
}

function slice(rows: readonly Row[], { from, direction, limit }: ReadStream): readonly Row[] {
  if (direction === 'forwards') return rows.slice(Number(from), Number(from) + limit);
  const newest = from === 'end' ? rows : rows.slice(0, from + 1);
  return newest.slice(-limit).reverse();
}

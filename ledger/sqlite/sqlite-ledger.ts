import type { CursorStore } from '../cursor.js';
import { encodeAppend } from '../encode-append.js';
import { LedgerUnavailable } from '../errors.js';
import { SCHEMA_CODEC, type EventCodec } from '../event-codec.js';
import { createGroupCommit } from './group-commit.js';
import { createHead } from '../head.js';
import type { Ledger, Position, Recorded } from '../ledger.js';
import { checkLimit, checkReadStream } from '../read-limits.js';
import { refuseUnfinishedRestore } from './restore-files.js';
import { createSqliteCursors } from './sqlite-cursors.js';
import { createSqliteEvents } from './sqlite-events.js';
import { openLedgerFile } from './sqlite-file.js';
import { lockFile } from './sqlite-lock.js';
import { subscribeTo } from '../subscription.js';

/**
 * The ledger in one SQLite file, in this process and on its main thread.
 * Reads run within the call: their promise resolves in a microtask, and no commit falls between a read and what
 * its continuation does synchronously.
 */
export interface SqliteLedger extends Ledger {
  readonly cursors: CursorStore;
  /** Reads the last event of a stream and returns it in this very turn. */
  readLast(stream: string): Recorded | undefined;
  /** Position of the last committed event. */
  headPosition(): Position;
  /** Calls back in the turn of each commit that added events, and on closing; returns the way to stop that. */
  onAppended(listener: () => void): () => void;
  /** Resolves when a commit failed: nothing can be read or appended any more, and the process has to end. */
  readonly fatal: Promise<Error>;
  /** Commits what was taken, ends subscriptions with `LedgerUnavailable`, gives the lock back. */
  close(): Promise<void>;
}

export interface SqliteLedgerOptions {
  readonly file: string;
  readonly lockFile: string;
  readonly codec?: EventCodec;
  /** So many appends share one commit at most, 32 unless told: more are faster, and hold the event loop for longer. */
  readonly appendsPerCommit?: number;
}

/** Opens the ledger. @throws LedgerLocked, ForeignLedger, RestoreUnfinished, or the file system's error, as a rejection */
export async function openSqliteLedger(options: SqliteLedgerOptions): Promise<SqliteLedger> {
  const lock = lockFile(options.lockFile);
  try {
    refuseUnfinishedRestore(options.file);
    return openLocked(options, () => lock.release());
  } catch (error) {
    lock.release();
    throw error;
  }
}

function openLocked(options: SqliteLedgerOptions, unlock: () => void): SqliteLedger {
  const { file, codec = SCHEMA_CODEC, appendsPerCommit } = options;
  const db = openLedgerFile(file);
  const events = createSqliteEvents(db, codec);
  const head = createHead(events.headPosition());
  const { promise: fatal, resolve: onFatal } = Promise.withResolvers<Error>();
  let stopped: LedgerUnavailable | undefined;
  const stop = (reason: LedgerUnavailable): void => {
    stopped ??= reason;
    head.end();
  };
  const commits = createGroupCommit({
    db,
    ...(appendsPerCommit !== undefined && { maxPieces: appendsPerCommit }),
    onCommitted: () => head.moveTo(events.headPosition()),
    onFatal(error) {
      stop(error);
      onFatal(error);
    },
  });
  const close = async (): Promise<void> => {
    await commits.drain();
    stop(new LedgerUnavailable('the ledger is closed'));
    db.close();
    unlock();
  };
  let closing: Promise<void> | undefined;

  // After a failed commit the connection may still show what was never committed.
  const read = <T>(query: () => T): T => {
    if (stopped !== undefined) throw stopped;
    return query();
  };
  const readPage = (after: Position, limit: number): readonly Recorded[] =>
    read(() => events.readPage(after, limit));

  return {
    cursors: createSqliteCursors({ db, commits, read }),
    headPosition: () => head.position(),
    onAppended: (listener) => head.onMoved(listener),
    fatal,
    close: () => (closing ??= close()),
    async append(stream, appended, expected) {
      const encoded = encodeAppend(codec, appended, expected);
      return commits.submit(() => events.write(stream, encoded, expected));
    },
    async readStream(stream, query) {
      checkReadStream(query);
      return read(() => events.readStream(stream, query));
    },
    async readAll({ after, limit }) {
      checkLimit(limit);
      return readPage(after, limit);
    },
    readLast: (stream) =>
      read(() => events.readStream(stream, { from: 'end', direction: 'backwards', limit: 1 }))[0],
    subscribe: (query) => subscribeTo({ readPage, head }, query),
  };
}

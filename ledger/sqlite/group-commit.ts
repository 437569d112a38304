import type { DatabaseSync } from 'node:sqlite';
import { LedgerUnavailable } from '../errors.js';
import { isBusy } from './sqlite-file.js';
import { createTransact, type Piece } from './sqlite-transaction.js';

/** So many pieces of work share one transaction at most, which bounds how long a commit holds the event loop. */
const MAX_PIECES = 32;

/** Puts work that arrives in the same turn of the event loop into one transaction, so that it shares the fsync. */
export interface GroupCommit {
  /**
   * Runs `work` inside a transaction of a later turn; resolves once it is committed. A refusal thrown by `work`
   * undoes that work only.
   * @throws LedgerUnavailable after any other error: nothing of the transaction counts
   */
  submit<T>(work: () => T): Promise<T>;
  /** Takes no more work; resolves when all that was taken has ended, well or badly. */
  drain(): Promise<void>;
}

export interface GroupCommitDeps {
  readonly db: DatabaseSync;
  /** Most pieces of work that share one transaction; 32 unless told. */
  readonly maxPieces?: number;
  /** Called in the turn of each commit, before anybody who waits for it goes on. */
  readonly onCommitted: () => void;
  /** Called once, after an error that leaves the state of the file unknown; no more work is taken then. */
  readonly onFatal: (error: LedgerUnavailable) => void;
}

/**
 * Makes the group commit of one database. Commits come from `setImmediate`, never from a microtask: a promise continuation
 * that reads the ledger and then starts a call has no commit in between.
 */
export function createGroupCommit({
  db,
  maxPieces = MAX_PIECES,
  onCommitted,
  onFatal,
}: GroupCommitDeps): GroupCommit {
  const transact = createTransact(db);
  const queue: Piece[] = [];
  let scheduled = false;
  let closed: LedgerUnavailable | undefined;

  function fail(pieces: readonly Piece[], error: unknown): void {
    const unavailable = new LedgerUnavailable('the ledger could not commit', { cause: error });
    // A foreign writer held the file, so nothing was begun. After anything else, notably a failed fsync, what
    // the file holds is not known to this process any more.
    const fatal = !(isBusy(error) && !db.isTransaction);
    if (fatal) closed = unavailable;
    for (const piece of fatal ? [...pieces, ...queue.splice(0)] : pieces) piece.reject(unavailable);
    if (fatal) onFatal(unavailable);
  }

  function flush(): void {
    scheduled = false;
    const pieces = queue.splice(0, maxPieces);
    let tell: readonly (() => void)[];
    try {
      tell = transact(pieces);
    } catch (error) {
      fail(pieces, error);
      return;
    } finally {
      if (queue.length > 0) schedule();
    }
    onCommitted();
    for (const one of tell) one();
  }

  function schedule(): void {
    if (!scheduled) setImmediate(flush);
    scheduled = true;
  }

  function submit<T>(work: () => T): Promise<T> {
    if (closed !== undefined) return Promise.reject(closed);
    return new Promise<T>((resolve, reject) => {
      queue.push({ run: work, resolve: (value) => resolve(value as T), reject });
      schedule();
    });
  }

  return {
    submit,
    async drain() {
      const last = submit(() => undefined).catch(() => undefined);
      closed ??= new LedgerUnavailable('the ledger is closing');
      await last;
    },
  };
}

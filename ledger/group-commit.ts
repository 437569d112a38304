import type { DatabaseSync } from 'node:sqlite';
import { EventIdTaken, LedgerUnavailable, RevisionConflict } from './errors.js';
import { isBusy } from './sqlite-file.js';

/** Most pieces of work that share one transaction: bounds how long a commit holds the event loop. */
const MAX_WORK = 32;

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

interface Item {
  /** Runs inside the transaction; what it returns tells the caller, once the transaction is committed. */
  run(): () => void;
  reject(error: Error): void;
}

export interface GroupCommitDeps {
  readonly db: DatabaseSync;
  /** Called in the turn of each commit, before anybody who waits for it goes on. */
  readonly onCommitted: () => void;
  /** Called once, after an error that leaves the state of the file unknown; no more work is taken then. */
  readonly onFatal: (error: LedgerUnavailable) => void;
}

const isRefusal = (error: unknown): boolean =>
  error instanceof RevisionConflict || error instanceof EventIdTaken;

/**
 * Commits come from `setImmediate`, never from a microtask: a promise continuation that reads the ledger and
 * then starts a call has no commit in between.
 */
export function createGroupCommit({ db, onCommitted, onFatal }: GroupCommitDeps): GroupCommit {
  const [begin, commit] = [db.prepare('BEGIN IMMEDIATE'), db.prepare('COMMIT')];
  const [save, undo, keep] = [
    db.prepare('SAVEPOINT work'),
    db.prepare('ROLLBACK TO work'),
    db.prepare('RELEASE work'),
  ];
  const queue: Item[] = [];
  let scheduled = false;
  let closed: LedgerUnavailable | undefined;

  function attempt<T>(
    work: () => T,
    resolve: (value: T) => void,
    reject: (error: unknown) => void,
  ): () => void {
    save.run();
    try {
      const value = work();
      keep.run();
      return () => resolve(value);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      undo.run();
      keep.run();
      return () => reject(error);
    }
  }

  function transact(items: readonly Item[]): readonly (() => void)[] {
    begin.run();
    const tell = items.map((item) => item.run());
    commit.run();
    return tell;
  }

  function fail(items: readonly Item[], error: unknown): void {
    const unavailable = new LedgerUnavailable('the ledger could not commit', { cause: error });
    // A foreign writer held the file, so nothing was begun. After anything else, notably a failed fsync, what
    // the file holds is not known to this process any more.
    const fatal = !(isBusy(error) && !db.isTransaction);
    if (fatal) closed = unavailable;
    for (const item of fatal ? [...items, ...queue.splice(0)] : items) item.reject(unavailable);
    if (fatal) onFatal(unavailable);
  }

  function flush(): void {
    scheduled = false;
    const items = queue.splice(0, MAX_WORK);
    let tell: readonly (() => void)[] = [];
    try {
      tell = transact(items);
    } catch (error) {
      fail(items, error);
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
      queue.push({ run: () => attempt(work, resolve, reject), reject });
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

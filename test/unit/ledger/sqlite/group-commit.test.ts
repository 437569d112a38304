import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LedgerUnavailable, RevisionConflict } from '../../../../ledger/errors.js';
import { createGroupCommit, type GroupCommit } from '../../../../ledger/sqlite/group-commit.js';

describe('group commit', () => {
  let db: DatabaseSync;
  let commits: GroupCommit;
  let committed: number;
  let fatal: Error[];
  const insert = (n: number) => () => db.prepare('INSERT INTO t VALUES (?)').run(n).changes;
  const rows = () =>
    db
      .prepare('SELECT n FROM t ORDER BY n')
      .all()
      .map((row) => row['n']);

  beforeEach(() => {
    db = new DatabaseSync(':memory:', { enableForeignKeyConstraints: true });
    db.exec(`
      CREATE TABLE t (n INTEGER PRIMARY KEY);
      CREATE TABLE child (n INTEGER REFERENCES t (n) DEFERRABLE INITIALLY DEFERRED);
    `);
    [committed, fatal] = [0, []];
    commits = createGroupCommit({
      db,
      onCommitted: () => void (committed += 1),
      onFatal: (error) => fatal.push(error),
    });
  });
  afterEach(() => {
    db.close();
  });

  it.each([
    [1, 1],
    [32, 1],
    [33, 2],
    [100, 4],
  ])('puts %i pieces of one turn into %i transactions, in order', async (pieces, transactions) => {
    const done: number[] = [];
    const all = Array.from({ length: pieces }, async (_, i) => {
      await commits.submit(insert(i));
      done.push(i);
    });
    await Promise.all(all);
    expect(committed).toBe(transactions);
    expect(done).toEqual(Array.from({ length: pieces }, (_, i) => i));
    expect(rows()).toEqual(done);
  });

  it('never commits in a microtask', async () => {
    const work = commits.submit(insert(1));
    for (let i = 0; i < 1_000; i++) await Promise.resolve();
    expect(rows()).toEqual([]);
    await work;
    expect(rows()).toEqual([1]);
  });

  it('undoes what is refused, and nothing else of the transaction', async () => {
    const refusal = new RevisionConflict('s-1', 'none', 0);
    const results = await Promise.allSettled([
      commits.submit(insert(1)),
      commits.submit(() => {
        insert(2)();
        throw refusal;
      }),
      commits.submit(insert(3)),
    ]);
    expect(results[1]).toEqual({ status: 'rejected', reason: refusal });
    expect(rows()).toEqual([1, 3]);
    expect([committed, fatal]).toEqual([1, []]);
  });

  it('takes work that is handed in while it commits', async () => {
    const second = commits.submit(insert(1)).then(() => commits.submit(insert(2)));
    await second;
    expect(rows()).toEqual([1, 2]);
  });

  const failures = [
    ['the COMMIT', () => db.prepare('INSERT INTO child VALUES (99)').run()],
    ['a statement', () => db.prepare('INSERT INTO t VALUES (1)').run()],
  ] as const;
  it.each(failures)('is over when %s fails: all are rejected, nothing stays', async (_, failing) => {
    const work = [commits.submit(insert(1)), commits.submit(failing)];
    const queued = Array.from({ length: 40 }, (_, i) => commits.submit(insert(100 + i)));
    const results = await Promise.allSettled([...work, ...queued]);
    for (const result of results) {
      expect(result.status === 'rejected' && result.reason instanceof LedgerUnavailable).toBe(true);
    }
    await expect(commits.submit(insert(5))).rejects.toBeInstanceOf(LedgerUnavailable);
    expect(committed).toBe(0);
    expect(fatal).toHaveLength(1);
    if (db.isTransaction) db.exec('ROLLBACK');
    expect(rows()).toEqual([]);
  });

  it('commits what it took when it is drained, and takes no more', async () => {
    const taken = Array.from({ length: 50 }, (_, i) => commits.submit(insert(i)));
    const drained = commits.drain();
    await expect(commits.submit(insert(99))).rejects.toBeInstanceOf(LedgerUnavailable);
    await drained;
    expect(rows()).toHaveLength(50);
    await Promise.all(taken);
    await commits.drain();
  });
});

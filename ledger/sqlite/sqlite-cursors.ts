import type { DatabaseSync } from 'node:sqlite';
import type { Cursor, CursorStore } from '../cursor.js';
import { RevisionConflict } from '../errors.js';
import type { GroupCommit } from './group-commit.js';

interface Row {
  readonly value: string;
  readonly version: number;
}

export interface SqliteCursorsDeps {
  readonly db: DatabaseSync;
  readonly commits: GroupCommit;
  /** Runs a query while the ledger can answer; throws `LedgerUnavailable` otherwise. */
  readonly read: <T>(query: () => T) => T;
}

/** Keeps cursors in the ledger's own file; a save shares the transaction of the appends of its turn. */
export function createSqliteCursors({ db, commits, read }: SqliteCursorsDeps): CursorStore {
  const select = db.prepare('SELECT value, version FROM cursors WHERE name = ?');
  const upsert = db.prepare(
    `INSERT INTO cursors (name, value, version) VALUES (?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value, version = excluded.version`,
  );
  const find = (name: string): Row | undefined => select.get(name) as Row | undefined;

  return {
    async load(name): Promise<Cursor<unknown> | undefined> {
      const row = read(() => find(name));
      return row && { value: JSON.parse(row.value) as unknown, version: row.version };
    },
    async save(name, value, expected) {
      const text = JSON.stringify(value);
      return commits.submit(() => {
        const actual = find(name)?.version ?? 'none';
        if (actual !== expected) throw new RevisionConflict(`cursor ${name}`, expected, actual);
        const version = expected === 'none' ? 0 : expected + 1;
        upsert.run(name, text, version);
        return version;
      });
    },
  };
}

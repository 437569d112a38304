import { DatabaseSync } from 'node:sqlite';

/**
 * Gives every row of every table as one line, in the order of names and keys: two files of views are the same when
 * their dumps are.
 */
export function* dumpViews(file: string): Generator<string, void, void> {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const names = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`);
    for (const { name } of names.all() as { name: string }[]) yield* dumpTable(db, name);
  } finally {
    db.close();
  }
}

function* dumpTable(db: DatabaseSync, table: string): Generator<string, void, void> {
  const keys = db.prepare('SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk').all(table);
  const order = (keys as { name: string }[]).map(({ name }) => `"${name}"`).join(', ');
  const rows = db.prepare(`SELECT * FROM "${table}" ORDER BY ${order}`);
  rows.setReadBigInts(true);
  rows.setReturnArrays(true);
  for (const row of rows.iterate() as Iterable<unknown>) {
    const values = JSON.stringify(row, (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    yield `${table} ${values}`;
  }
}

import { DatabaseSync } from 'node:sqlite';

/**
 * Every value of every table of a SQLite file, one after another: what pages and overflow cut apart in the file's own
 * bytes is whole here.
 * @param wanted asked for each column; all unless told
 */
export function sqliteCells(
  file: string,
  wanted: (table: string, column: string) => boolean = () => true,
): Buffer {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const cells: Buffer[] = [];
    const tables = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`).all();
    for (const { name } of tables as { name: string }[]) {
      const columns = db.prepare('SELECT name FROM pragma_table_info(?)').all(name) as { name: string }[];
      const shown = columns.filter((column) => wanted(name, column.name)).map((column) => `"${column.name}"`);
      if (shown.length === 0) continue;
      const rows = db.prepare(`SELECT ${shown.join(', ')} FROM "${name}"`);
      rows.setReadBigInts(true);
      rows.setReturnArrays(true);
      for (const row of rows.iterate() as Iterable<unknown>) cells.push(...(row as unknown[]).map(bytesOf));
    }
    return Buffer.concat(cells.flatMap((cell) => [cell, Buffer.from('\n')]));
  } finally {
    db.close();
  }
}

function bytesOf(value: unknown): Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value);
  return Buffer.from(typeof value === 'string' || typeof value === 'bigint' ? String(value) : '');
}

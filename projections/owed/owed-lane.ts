import type { DatabaseSync } from 'node:sqlite';
import type { Position } from '../../ledger/ledger.js';

/** Names the row that a sweep saw last, after which it goes on. */
export interface OwedKey {
  /** Milliseconds since the epoch. */
  readonly dueAt: number;
  readonly id: string;
}
export interface OwedRow<Item> extends OwedKey {
  /** Position of the event that the item comes from; several callbacks share one. */
  readonly position: Position;
  readonly item: Item;
}

/** One kind of owed work. */
export interface OwedLane<Item> {
  after(position: Position, limit: number): readonly OwedRow<Item>[];
  overdue(dueBefore: number, limit: number, key: OwedKey | null): readonly OwedRow<Item>[];
  oldestDue(): number | null;
  count(): number;
}

/** A table that has owed rows, with columns `position`, `seq` and `due_at`. */
export interface OwedTable<Row, Item> {
  readonly table: string;
  /** SQL that says which of its rows are owed, written as in the table's partial indexes. */
  readonly where: string;
  /** Column of the item's id. */
  readonly id: string;
  /** Further columns that `toItem` needs. */
  readonly columns: string;
  readonly toItem: (row: Row) => Item;
}

interface OwedColumns {
  readonly owedId: string;
  readonly owedPosition: string;
  readonly dueAt: number;
}

export function openOwedLane<Row, Item>(db: DatabaseSync, owed: OwedTable<Row, Item>): OwedLane<Item> {
  const { table, where, id, columns, toItem } = owed;
  const select = `SELECT ${id} AS owedId, CAST(position AS TEXT) AS owedPosition, due_at AS dueAt, ${columns}
    FROM ${table} WHERE ${where}`;
  const after = db.prepare(`${select} AND position > ? ORDER BY position, seq LIMIT ?`);
  const at = db.prepare(`${select} AND position = ? ORDER BY seq`);
  const overdue = db.prepare(
    `${select} AND due_at <= ? AND (due_at, ${id}) > (?, ?) ORDER BY due_at, ${id} LIMIT ?`,
  );
  const oldest = db.prepare(`SELECT min(due_at) AS dueAt FROM ${table} WHERE ${where}`);
  const count = db.prepare(`SELECT count(*) AS items FROM ${table} WHERE ${where}`);

  const toOwed = (row: Row & OwedColumns): OwedRow<Item> => ({
    id: row.owedId,
    position: BigInt(row.owedPosition),
    dueAt: row.dueAt,
    item: toItem(row),
  });
  return {
    after(position, limit) {
      const rows = after.all(position, limit + 1) as (Row & OwedColumns)[];
      const next = rows[limit];
      if (next === undefined) return rows.map(toOwed);
      // The items of one event stay together, or a cursor that is a position would lose some.
      const whole = rows.filter((row) => row.owedPosition !== next.owedPosition);
      const page = whole.length > 0 ? whole : (at.all(BigInt(next.owedPosition)) as (Row & OwedColumns)[]);
      return page.map(toOwed);
    },
    overdue(dueBefore, limit, key) {
      const { dueAt, id: last } = key ?? { dueAt: Number.MIN_SAFE_INTEGER, id: '' };
      return (overdue.all(dueBefore, dueAt, last, limit) as (Row & OwedColumns)[]).map(toOwed);
    },
    oldestDue: () => (oldest.get() as { dueAt: number | null }).dueAt,
    count: () => (count.get() as { items: number }).items,
  };
}

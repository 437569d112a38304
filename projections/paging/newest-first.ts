import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { PositionRange } from './minutes.js';

/** One call looks at so many rows at most: a filter that few rows pass must not hold the event loop. */
const SLICE = 2_000;

/** Names rows in an order that an index holds, newest first. The names are SQL, of a table `t`. */
export interface IndexOrder {
  /** The table whose index holds the order, e.g. `callbacks t`. */
  readonly from: string;
  readonly select: string;
  /** Columns of whole numbers by which the rows are ordered and which together name one: the position comes first. */
  readonly keys: readonly string[];
}
/** A condition is SQL with one `?`, or with none where the value is null. */
export type Condition = readonly [sql: string, value: string | number | null];

/** Says which rows of such an order are wanted. */
export interface Wanted {
  /** Conditions that the index answers. */
  readonly within: readonly Condition[];
  /** Conditions for which each row has to be looked at. */
  readonly filters: readonly Condition[];
  readonly positions: PositionRange;
}

/** Keys of a row. */
export type RowKeys = readonly bigint[];

export interface Slice<Row> {
  readonly rows: readonly Row[];
  /** Keys of the last row that was looked at, whether it was wanted or not; null when there are no more. */
  readonly next: RowKeys | null;
}

/** Reads slices of rows, newest first; keeps the statements. */
export function openNewestFirst(db: DatabaseSync) {
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    const known = statements.get(sql) ?? db.prepare(sql);
    statements.set(sql, known);
    return known;
  };

  /** At most `limit` rows after a row. Fewer, even none, do not mean that there are no more. */
  return function slice<Row>(
    { from, select, keys }: IndexOrder,
    { within, filters, positions }: Wanted,
    after: RowKeys | null,
    limit: number,
  ): Slice<Row> {
    const place = `(${keys.join(', ')})`;
    const marks = `(${keys.map(() => '?').join(', ')})`;
    const order = keys.map((column) => `${column} DESC`).join(', ');
    const placed = `json_array(${keys.map((key) => `CAST(${key} AS TEXT)`).join(', ')}) AS place`;
    const range = [...within.map(([sql]) => sql), `${place} < ${marks}`, `${keys[0] ?? ''} >= ?`].join(
      ' AND ',
    );
    const start = after ?? [positions.to + 1n, ...keys.slice(1).map(() => 0n)];
    const rangeValues = [...valuesOf(within), ...start, positions.from];

    const edgeSql = `SELECT ${placed} FROM ${from} WHERE ${range} ORDER BY ${order} LIMIT 1 OFFSET ?`;
    const edge = prepared(edgeSql).get(...rangeValues, SLICE - 1) as Placed | undefined;
    const last = edge === undefined ? null : rowKeysOf(edge);
    const wanted = [
      range,
      ...(last === null ? [] : [`${place} >= ${marks}`]),
      ...filters.map(([sql]) => sql),
    ];
    const rowsSql = `SELECT ${select}, ${placed} FROM ${from} WHERE ${wanted.join(' AND ')} ORDER BY ${order} LIMIT ?`;
    const values = [...rangeValues, ...(last ?? []), ...valuesOf(filters), limit + 1];
    const rows = prepared(rowsSql).all(...values) as (Row & Placed)[];
    const more = rows.length > limit ? rows[limit - 1] : undefined;
    return {
      rows: rows.slice(0, limit).map(({ place: _, ...row }) => row as Row),
      next: more === undefined ? last : rowKeysOf(more),
    };
  };
}

interface Placed {
  /** The keys as JSON of texts. */
  readonly place: string;
}

function rowKeysOf({ place }: Placed): RowKeys {
  return (JSON.parse(place) as string[]).map(BigInt);
}

function valuesOf(conditions: readonly Condition[]): (string | number)[] {
  return conditions.flatMap(([, value]) => (value === null ? [] : [value]));
}

import type { DatabaseSync } from 'node:sqlite';
import type { Lane } from '../../domain/owed.js';
import type { Position } from '../../ledger/ledger.js';

/** Where reading in the order of due times goes on: the row that was seen last. */
export interface OwedKey {
  /** Milliseconds since the epoch. */
  readonly dueAt: number;
  readonly id: string;
}
export interface OwedRow<Item> extends OwedKey {
  /** Of the event that the item comes from; several callbacks share one. */
  readonly position: Position;
  readonly item: Item;
}

/** Which of the owed items, by when they fell due. */
export interface OwedScope {
  /** Those that a first try has begun for, or those that wait for it. */
  readonly begun: boolean;
  /** Due at or before this, ms since the epoch. */
  readonly dueBefore: number;
  /** Of events at or before this position; all where it is not given. */
  readonly upTo?: Position;
}

/** An item that waits for its first try. */
export interface WaitingRow<Item> {
  readonly id: string;
  readonly position: Position;
  /** Whom the item is about: first tries of one contact go in their order. */
  readonly contact: string;
  readonly item: Item;
}

/** `waiting` for its first try; `begun`: that try is under way; `tried`: it came to nothing, and comes again. */
export type OwedProgress = 'waiting' | 'begun' | 'tried' | 'ended';

/** What is owed of one kind. A *party* is whom first tries are shared out among: apps, or endpoints. */
export interface OwedTable<Item> {
  nextParty(lane: Lane, after: string): string | undefined;
  waiting(
    lane: Lane,
    party: string,
    scope: { readonly after: Position; readonly now: number; readonly limit: number },
  ): readonly WaitingRow<Item>[];
  progress(id: string): OwedProgress;
  due(scope: OwedScope, limit: number, key: OwedKey | null): readonly OwedRow<Item>[];
  oldestDue(): number | null;
  count(): number;
}

/**
 * A table that has owed rows, with columns `position`, `seq`, `due_at`, `lane` and `progress`, and indexes for them.
 */
export interface OwedTableDef<Row, Item> {
  readonly table: string;
  /** Which of its rows are owed; written as in the table's partial indexes. */
  readonly where: string;
  /** Column of the item's id. */
  readonly id: string;
  /** Column of whom first tries are shared out among. */
  readonly party: string;
  /** Column of whom the item is about. */
  readonly contact: string;
  /** In which order the items of a party wait. */
  readonly order: string;
  /** What else has to hold for a first try; `?5` is the present time, RFC 3339. */
  readonly ready?: string;
  /** Further columns that `toItem` needs. */
  readonly columns: string;
  readonly toItem: (row: Row) => Item;
}

/** What the column `progress` of an owed row stands for: 0, 1, 2. */
const PROGRESSES = ['waiting', 'begun', 'tried'] as const;

interface Place {
  readonly owedId: string;
  readonly owedPosition: string;
  readonly dueAt: number;
  readonly contactOf: string;
}

const EVERYWHERE = 2n ** 62n;

export function openOwedTable<Row, Item>(db: DatabaseSync, def: OwedTableDef<Row, Item>): OwedTable<Item> {
  const { table, where, id, party, contact, order, ready = 'true', columns, toItem } = def;
  const select = `SELECT ${id} AS owedId, CAST(position AS TEXT) AS owedPosition, due_at AS dueAt,
    ${contact} AS contactOf, ${columns} FROM ${table} t WHERE ${where}`;
  const next = db.prepare(`
    SELECT ${party} AS party FROM ${table} WHERE ${where} AND progress = 0 AND lane = ? AND ${party} > ?
    ORDER BY ${party} LIMIT 1`);
  const waiting = db.prepare(`
    ${select} AND progress = 0 AND lane = ?1 AND ${party} = ?2 AND position > ?3 AND (${ready})
    ORDER BY ${order} LIMIT ?4`);
  const progress = db.prepare(`SELECT progress FROM ${table} WHERE ${id} = ? AND ${where}`);
  const dueOf = (which: string): string => `
    ${select} AND ${which} AND due_at <= ? AND (due_at, ${id}) > (?, ?) AND position <= ?
    ORDER BY due_at, ${id} LIMIT ?`;
  const due = {
    waiting: db.prepare(dueOf('(progress > 0) = 0')),
    begun: db.prepare(dueOf('(progress > 0) = 1')),
  };
  const oldestOf = (begun: number): string =>
    `SELECT min(due_at) AS at FROM ${table} WHERE ${where} AND (progress > 0) = ${String(begun)}`;
  const oldest = db.prepare(`SELECT min(at) AS dueAt FROM (${oldestOf(0)} UNION ALL ${oldestOf(1)})`);
  const count = db.prepare(`SELECT count(*) AS items FROM ${table} WHERE ${where}`);

  const toWaiting = (row: Row & Place): WaitingRow<Item> => ({
    id: row.owedId,
    position: BigInt(row.owedPosition),
    contact: row.contactOf,
    item: toItem(row),
  });
  const toOwed = (row: Row & Place): OwedRow<Item> => ({
    id: row.owedId,
    position: BigInt(row.owedPosition),
    dueAt: row.dueAt,
    item: toItem(row),
  });
  return {
    nextParty: (lane, after) => (next.get(lane, after) as { party: string } | undefined)?.party,
    waiting: (lane, of, { after, now, limit }) => {
      const parameters = [lane, of, after, limit] as const;
      const rows =
        def.ready === undefined
          ? waiting.all(...parameters)
          : waiting.all(...parameters, new Date(now).toISOString());
      return (rows as (Row & Place)[]).map(toWaiting);
    },
    progress(of) {
      const row = progress.get(of) as { progress: number } | undefined;
      return row === undefined ? 'ended' : (PROGRESSES[row.progress] ?? 'tried');
    },
    due({ begun, dueBefore, upTo = EVERYWHERE }, limit, key) {
      const { dueAt, id: last } = key ?? { dueAt: Number.MIN_SAFE_INTEGER, id: '' };
      const rows = due[begun ? 'begun' : 'waiting'].all(dueBefore, dueAt, last, upTo, limit);
      return (rows as (Row & Place)[]).map(toOwed);
    },
    oldestDue: () => (oldest.get() as { dueAt: number | null }).dueAt,
    count: () => (count.get() as { items: number }).items,
  };
}

import type { DatabaseSync } from 'node:sqlite';
import type { OwedCallback, OwedMessage } from '../domain/owed.js';
import type { Position } from '../ledger/ledger.js';

/** The two kinds of owed work, each with what an item of it is. */
export interface LaneItems {
  readonly messages: OwedMessage;
  readonly callbacks: OwedCallback;
}
export type Lane = keyof LaneItems;

/** Where a sweep goes on: the row that it saw last. */
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

/** What was accepted or fell due and has not ended. */
export interface Owed {
  /**
   * Items of events after a position, in ledger order. The items of one event are never parted: so many are left
   * for the next call that at most `limit` come, or all of the first event where those alone are more.
   */
  after<L extends Lane>(lane: L, position: Position, limit: number): readonly OwedRow<LaneItems[L]>[];
  /** Items due at or before a time (ms since the epoch), longest due first, after `key` of the page before. */
  overdue<L extends Lane>(
    lane: L,
    dueBefore: number,
    limit: number,
    key: OwedKey | null,
  ): readonly OwedRow<LaneItems[L]>[];
  /** When the item that has been due longest fell due (ms since the epoch); null when nothing is owed. */
  oldestDue(lane: Lane): number | null;
}

interface Row extends OwedKey {
  readonly position: string;
  readonly item: string;
}
const COLUMNS = 'id, CAST(position AS TEXT) AS position, due_at AS dueAt, item';

export function openOwedReads(db: DatabaseSync): Owed {
  const after = db.prepare(
    `SELECT ${COLUMNS} FROM owed WHERE lane = ? AND position > ? ORDER BY owed.position, seq LIMIT ?`,
  );
  const at = db.prepare(`SELECT ${COLUMNS} FROM owed WHERE lane = ? AND position = ? ORDER BY seq`);
  const overdue = db.prepare(`
    SELECT ${COLUMNS} FROM owed WHERE lane = ? AND due_at <= ? AND (due_at, id) > (?, ?) ORDER BY due_at, id LIMIT ?`);
  const oldest = db.prepare('SELECT min(due_at) AS dueAt FROM owed WHERE lane = ?');

  return {
    after<L extends Lane>(lane: L, position: Position, limit: number) {
      const rows = after.all(lane, position, limit + 1) as unknown as Row[];
      const next = rows[limit];
      if (next === undefined) return rows.map(toOwed<LaneItems[L]>);
      const whole = rows.filter((row) => row.position !== next.position);
      const page = whole.length > 0 ? whole : (at.all(lane, BigInt(next.position)) as unknown as Row[]);
      return page.map(toOwed<LaneItems[L]>);
    },
    overdue<L extends Lane>(lane: L, dueBefore: number, limit: number, key: OwedKey | null) {
      const { dueAt, id } = key ?? { dueAt: Number.MIN_SAFE_INTEGER, id: '' };
      const rows = overdue.all(lane, dueBefore, dueAt, id, limit) as unknown as Row[];
      return rows.map(toOwed<LaneItems[L]>);
    },
    oldestDue: (lane) => (oldest.get(lane) as { dueAt: number | null }).dueAt,
  };
}

function toOwed<Item>({ id, position, dueAt, item }: Row): OwedRow<Item> {
  return { id, dueAt, position: BigInt(position), item: JSON.parse(item) as Item };
}

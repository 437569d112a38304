import type { DatabaseSync } from 'node:sqlite';
import type { Position } from '../../ledger/ledger.js';
import type { Projection } from '../engine/projection.js';

export const MINUTES_TABLES = `
  CREATE TABLE minutes (
    minute INTEGER PRIMARY KEY,
    first_position INTEGER NOT NULL,
    last_position INTEGER NOT NULL
  ) STRICT;
`;

/** The range goes from the first position to the last, both included, and is empty where the first is greater. */
export interface PositionRange {
  readonly from: Position;
  readonly to: Position;
}

/**
 * Knows between which positions the rows of a time lie: lists are ordered by position, and an index by time for each list
 * would cost more than all of a fold. The answer is right also where the clock once stepped back.
 */
export interface Minutes {
  /** Whatever was recorded from `from` on and before `to` (RFC 3339; null: no bound) stands at a position in the range. */
  range(from: string | null, to: string | null): PositionRange;
  /** Is told of a row that lists show. @param recordedAt RFC 3339 */
  note(position: Position, recordedAt: string): void;
}

const MINUTE_MS = 60_000;
const minuteOf = (time: string): number => Math.floor(Date.parse(time) / MINUTE_MS);

export function openMinutes(db: DatabaseSync): Minutes & Omit<Projection, 'on'> {
  const upsert = db.prepare(`
    INSERT INTO minutes VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET
      first_position = min(first_position, excluded.first_position),
      last_position = max(last_position, excluded.last_position)`);
  const select = db.prepare(`
    SELECT CAST(coalesce(min(first_position), 1) AS TEXT) AS first, CAST(coalesce(max(last_position), 0) AS TEXT) AS last
    FROM minutes WHERE minute >= ? AND minute <= ?`);
  // There is one write per batch and minute, not one per row. Rows come in the order of their positions.
  const noted = new Map<number, { readonly first: Position; last: Position }>();

  return {
    note(position, recordedAt) {
      const minute = minuteOf(recordedAt);
      const known = noted.get(minute);
      if (known === undefined) noted.set(minute, { first: position, last: position });
      else known.last = position;
    },
    flush() {
      for (const [minute, { first, last }] of noted) upsert.run(minute, first, last);
      noted.clear();
    },
    forget: () => {
      noted.clear();
    },
    range(from, to) {
      const first = from === null ? Number.MIN_SAFE_INTEGER : minuteOf(from);
      const last = to === null ? Number.MAX_SAFE_INTEGER : minuteOf(to);
      const row = select.get(first, last) as { first: string; last: string };
      return { from: BigInt(row.first), to: BigInt(row.last) };
    },
  };
}

import type { DatabaseSync } from 'node:sqlite';
import type { AttemptClass } from '../domain/events.js';
import type { Projection } from './projection.js';

export const COUNTERS_TABLES = `
  CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
  ) WITHOUT ROWID, STRICT;
`;

export interface Counts {
  /** Messages that a list blocked. */
  readonly blocked: number;
  /** Requests made for callbacks, by what came of them; a class that never occurred is absent. */
  readonly attempts: Readonly<Partial<Record<AttemptClass, number>>>;
}

/** How often something happened since the first event of the ledger. */
export interface Counters {
  counts(): Counts;
}

const BLOCKED = 'blocked';
const ATTEMPTS = 'attempts:';

export function openCounters(db: DatabaseSync): Counters & Projection {
  const add = db.prepare(
    'INSERT INTO counters VALUES (?, ?) ON CONFLICT DO UPDATE SET value = value + excluded.value',
  );
  const all = db.prepare('SELECT name, value FROM counters ORDER BY name');
  // One write per batch and name, not one per event.
  const added = new Map<string, number>();
  const count = (name: string): void => void added.set(name, (added.get(name) ?? 0) + 1);
  const attempted = (attemptClass: AttemptClass): void => {
    count(ATTEMPTS + attemptClass);
  };

  return {
    on: {
      'message-blocked': () => {
        count(BLOCKED);
      },
      'callback-attempted': ({ event: { data } }) => {
        attempted(data.class);
      },
      'callback-delivered': ({ event: { data } }) => {
        attempted(data.class);
      },
      'callback-parked': ({ event: { data } }) => {
        if (data.last !== null) attempted(data.last.class);
      },
    },
    flush() {
      for (const [name, value] of added) add.run(name, value);
      added.clear();
    },
    forget: () => {
      added.clear();
    },
    counts() {
      const rows = all.all() as unknown as { name: string; value: number }[];
      const attempts = rows.filter(({ name }) => name.startsWith(ATTEMPTS));
      return {
        blocked: rows.find(({ name }) => name === BLOCKED)?.value ?? 0,
        attempts: Object.fromEntries(attempts.map(({ name, value }) => [name.slice(ATTEMPTS.length), value])),
      };
    },
  };
}

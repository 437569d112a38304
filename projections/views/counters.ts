import type { DatabaseSync } from 'node:sqlite';
import type { AttemptClass, MessageFailedReason } from '../../domain/events/events.js';
import type { Decision } from '../../domain/consent/suspicion-decision.js';
import type { SuspectedStops } from '../../domain/settings.js';
import type { Projection } from '../engine/projection.js';

export const COUNTERS_TABLES = `
  CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
  ) WITHOUT ROWID, STRICT;
`;

export interface Counts {
  /** Sends that were accepted; replies are not among them. */
  readonly accepted: number;
  /** Messages and replies that a channel took. */
  readonly dispatched: number;
  /** Messages that a list blocked. */
  readonly blocked: number;
  /** Messages and replies that ended without going out, by reason; a reason that never occurred is absent. */
  readonly failed: Readonly<Partial<Record<MessageFailedReason, number>>>;
  /** Stops that were said in a sentence, by what the settings made of them; what never occurred is absent. */
  readonly suspected: Readonly<Partial<Record<SuspectedStops, number>>>;
  /** Decisions over them. */
  readonly decided: Readonly<Partial<Record<Decision, number>>>;
  /** Requests made for callbacks, by what came of them; a class that never occurred is absent. */
  readonly attempts: Readonly<Partial<Record<AttemptClass, number>>>;
}

/** How often something happened since the first event of the ledger. */
export interface Counters {
  counts(): Counts;
}

const ACCEPTED = 'accepted';
const DISPATCHED = 'dispatched';
const BLOCKED = 'blocked';
const FAILED = 'failed:';
const ATTEMPTS = 'attempts:';
const SUSPECTED = 'suspected:';
const DECIDED = 'decided:';

interface Row {
  readonly name: string;
  readonly value: number;
}

/** Collects what was counted under names that begin with a prefix, by the rest of the name. */
function under(prefix: string, rows: readonly Row[]): Record<string, number> {
  const of = rows.filter(({ name }) => name.startsWith(prefix));
  return Object.fromEntries(of.map(({ name, value }) => [name.slice(prefix.length), value]));
}

export function openCounters(db: DatabaseSync): Counters & Projection {
  const add = db.prepare(
    'INSERT INTO counters VALUES (?, ?) ON CONFLICT DO UPDATE SET value = value + excluded.value',
  );
  const all = db.prepare('SELECT name, value FROM counters ORDER BY name');
  // There is one write per batch and name, not one per event.
  const added = new Map<string, number>();
  const count = (name: string): void => void added.set(name, (added.get(name) ?? 0) + 1);
  const attempted = (attemptClass: AttemptClass): void => {
    count(ATTEMPTS + attemptClass);
  };

  return {
    on: {
      'message-received': ({ event: { data } }) => {
        if (data.suspected !== undefined) count(SUSPECTED + data.suspected.treatment);
      },
      'suspicion-decided': ({ event: { data } }) => {
        count(DECIDED + data.decision);
      },
      'message-accepted': () => {
        count(ACCEPTED);
      },
      'message-dispatched': () => {
        count(DISPATCHED);
      },
      'message-blocked': () => {
        count(BLOCKED);
      },
      'message-failed': ({ event: { data } }) => {
        count(FAILED + data.reason);
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
      const rows = all.all() as unknown as Row[];
      const single = (name: string): number => rows.find((row) => row.name === name)?.value ?? 0;
      return {
        accepted: single(ACCEPTED),
        dispatched: single(DISPATCHED),
        blocked: single(BLOCKED),
        suspected: under(SUSPECTED, rows),
        decided: under(DECIDED, rows),
        failed: under(FAILED, rows),
        attempts: under(ATTEMPTS, rows),
      };
    },
  };
}

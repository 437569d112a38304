import type { DatabaseSync } from 'node:sqlite';
import {
  isSuspected,
  overtakes,
  type Decision,
  type Settled,
} from '../../domain/consent/suspicion-decision.js';
import type { MessageReceived, OptedIn, OptedOut } from '../../domain/events/events.js';
import type { SuspectedStops } from '../../domain/settings.js';
import type { Recorded } from '../../ledger/ledger.js';
import type { Projection } from '../engine/projection.js';
import { afterKeyOf } from '../paging/keyset.js';

export const SUSPICIONS_TABLES = `
  CREATE TABLE suspicions (
    position INTEGER PRIMARY KEY,
    event_id TEXT NOT NULL UNIQUE,
    app_id TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    treatment TEXT NOT NULL,
    settled TEXT,
    settled_at TEXT,
    settled_event_id TEXT,
    decided_by TEXT
  ) STRICT;
  CREATE INDEX suspicions_of_app ON suspicions (app_id, position);
  CREATE INDEX suspicions_open ON suspicions (app_id, position) WHERE settled IS NULL;
  CREATE INDEX suspicions_of_contact ON suspicions (contact_id) WHERE settled IS NULL;
`;

/** A suspected stop and what became of it. What the person wrote stands in the ledger only. */
export interface SuspicionRow {
  readonly suspicionId: string;
  readonly contactId: string;
  /** Of the message in the contact's stream. */
  readonly revision: number;
  readonly treatment: SuspectedStops;
  /** Null while it is open, like all that follows. */
  readonly settled: Settled['as'] | null;
  readonly settledAt: string | null;
  readonly settledEventId: string | null;
  /** Id of the access key that decided. */
  readonly decidedBy: string | null;
}

export interface SuspicionPage {
  readonly rows: readonly SuspicionRow[];
  /** Key to go on after; null at the end. */
  readonly nextKey: string | null;
}

/** The suspected stops of an app, oldest first: the oldest one has waited longest. */
export interface Suspicions {
  /** @param state null: all of them. Throws RangeError for a key that no page gave */
  page(
    appId: string,
    state: 'open' | 'decided' | null,
    read: { readonly afterKey: string | null; readonly limit: number },
  ): SuspicionPage;
  find(appId: string, suspicionId: string): SuspicionRow | undefined;
}

const COLUMNS = `event_id AS suspicionId, contact_id AS contactId, revision, treatment, settled,
  settled_at AS settledAt, settled_event_id AS settledEventId, decided_by AS decidedBy`;
const STATES = { open: 'AND settled IS NULL', decided: 'AND settled IS NOT NULL', all: '' } as const;

export function openSuspicions(db: DatabaseSync): Suspicions & Projection {
  const insert = db.prepare(
    'INSERT INTO suspicions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL) ON CONFLICT DO NOTHING',
  );
  const decide = db.prepare(`
    UPDATE suspicions SET settled = ?, settled_at = ?, settled_event_id = ?, decided_by = ?
    WHERE event_id = ? AND settled IS NULL`);
  const overtake = db.prepare(`
    UPDATE suspicions SET settled = 'overtaken', settled_at = ?, settled_event_id = ?
    WHERE contact_id = ? AND settled IS NULL`);
  const one = db.prepare(`SELECT ${COLUMNS} FROM suspicions WHERE event_id = ? AND app_id = ?`);
  const pageOf = (condition: string) =>
    db.prepare(`SELECT ${COLUMNS}, CAST(position AS TEXT) AS key FROM suspicions
      WHERE app_id = ? ${condition} AND position > ? ORDER BY position LIMIT ?`);
  const pages = { open: pageOf(STATES.open), decided: pageOf(STATES.decided), all: pageOf(STATES.all) };

  function suspect({ position, revision, event }: Recorded<MessageReceived>): void {
    if (!isSuspected(event)) return;
    const { appId, contactId, suspected } = event.data;
    const obeyed: readonly (string | null)[] =
      suspected.treatment === 'obey' ? ['obeyed', event.meta.recordedAt, event.id] : [null, null, null];
    insert.run(position, event.id, appId, contactId, revision, suspected.treatment, ...obeyed);
  }
  function change({ event }: Recorded<OptedOut | OptedIn>): void {
    if (overtakes(event)) overtake.run(event.meta.recordedAt, event.id, event.data.contactId);
  }

  return {
    on: {
      'message-received': suspect,
      'opted-out': change,
      'opted-in': change,
      'suspicion-decided': ({ event: { id, data, meta } }) => {
        const by = meta.actor.type === 'access-key' ? meta.actor.id : null;
        const decision: Decision = data.decision;
        decide.run(decision, meta.recordedAt, id, by, data.suspicionId);
      },
    },
    page(appId, state, { afterKey, limit }) {
      const found = pages[state ?? 'all'].all(
        appId,
        afterKeyOf(afterKey),
        limit + 1,
      ) as unknown as (SuspicionRow & {
        readonly key: string;
      })[];
      const rows = found.slice(0, limit).map(({ key: _, ...row }) => row);
      return { rows, nextKey: found.length > limit ? (found[limit - 1]?.key ?? null) : null };
    },
    find: (appId, suspicionId) => one.get(suspicionId, appId) as unknown as SuspicionRow | undefined,
  };
}

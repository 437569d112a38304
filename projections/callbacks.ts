import type { DatabaseSync } from 'node:sqlite';
import type { AttemptClass, AttemptData, CallbackData, ParkReason, Trigger } from '../domain/events.js';
import type { DueCallback } from './fan-out.js';
import type { Projection } from './projection.js';

export const CALLBACKS_TABLES = `
  CREATE TABLE callbacks (
    position INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    callback_id TEXT NOT NULL,
    project_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    endpoint_id TEXT NOT NULL,
    trigger_name TEXT NOT NULL,
    event_id TEXT NOT NULL,
    event_at TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    last_class TEXT,
    last_status INTEGER,
    last_fault TEXT,
    last_at TEXT,
    next_attempt_at TEXT,
    park_reason TEXT,
    PRIMARY KEY (position, seq)
  ) WITHOUT ROWID, STRICT;
  CREATE UNIQUE INDEX callbacks_by_id ON callbacks (callback_id);
  CREATE INDEX callbacks_parked ON callbacks (project_id, position, seq) WHERE state = 'parked';
`;

export type CallbackState = 'waiting' | 'delivered' | 'parked';
export interface CallbackView {
  readonly callbackId: string;
  readonly projectId: string;
  readonly appId: string;
  readonly endpointId: string;
  readonly trigger: Trigger;
  readonly eventId: string;
  /** RFC 3339, when the event was recorded. */
  readonly eventAt: string;
  readonly state: CallbackState;
  /** Requests made. */
  readonly attempts: number;
  readonly lastClass: AttemptClass | null;
  readonly lastStatus: number | null;
  readonly lastFault: string | null;
  /** RFC 3339, when the last outcome was recorded; null before. */
  readonly lastAt: string | null;
  readonly nextAttemptAt: string | null;
  readonly parkReason: ParkReason | null;
}

/** Every callback that ever fell due, and what became of it. */
export interface Callbacks {
  get(projectId: string, callbackId: string): CallbackView | undefined;
  /** How many of all projects are parked now. */
  parkedCount(): number;
}

type Attempt = Omit<AttemptData, keyof CallbackData>;
interface Outcome {
  readonly callbackId: string;
  readonly state: CallbackState;
  readonly attempts: number;
  readonly last: Attempt | null;
  readonly recordedAt: string;
  readonly nextAttemptAt: string | null;
  readonly parkReason: ParkReason | null;
}

export interface CallbackRows extends Callbacks, Projection {
  /** Adds a callback that fell due. */
  add(due: DueCallback): void;
}

export function openCallbacks(db: DatabaseSync): CallbackRows {
  const insert = db.prepare(
    `INSERT INTO callbacks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', 0, NULL, NULL, NULL, NULL, NULL, NULL)`,
  );
  const update = db.prepare(`
    UPDATE callbacks SET state = ?, attempts = ?, last_class = coalesce(?, last_class), last_status = ?, last_fault = ?,
      last_at = ?, next_attempt_at = ?, park_reason = ?
    WHERE callback_id = ?`);
  const one = db.prepare(`
    SELECT callback_id AS callbackId, project_id AS projectId, app_id AS appId, endpoint_id AS endpointId,
      trigger_name AS "trigger", event_id AS eventId, event_at AS eventAt, state, attempts, last_class AS lastClass,
      last_status AS lastStatus, last_fault AS lastFault, last_at AS lastAt, next_attempt_at AS nextAttemptAt,
      park_reason AS parkReason
    FROM callbacks WHERE callback_id = ? AND project_id = ?`);
  const parked = db.prepare(`SELECT count(*) AS n FROM callbacks WHERE state = 'parked'`);

  function ended(outcome: Outcome): void {
    const { state, attempts, last, recordedAt, nextAttemptAt, parkReason, callbackId } = outcome;
    update.run(
      ...[state, attempts, last?.class ?? null, last?.status ?? null, last?.fault ?? null],
      ...[recordedAt, nextAttemptAt, parkReason, callbackId],
    );
  }

  return {
    add({ position, seq, eventId, eventAt, item }) {
      const { callbackId, projectId, appId, endpointId, trigger } = item;
      insert.run(position, seq, callbackId, projectId, appId, endpointId, trigger, eventId, eventAt);
    },
    on: {
      'callback-attempted': ({ event: { data, meta: { recordedAt } } }) => {
        const { callbackId, attempt: attempts, nextAttemptAt } = data;
        ended({ callbackId, state: 'waiting', attempts, last: data, recordedAt, nextAttemptAt, parkReason: null });
      },
      'callback-delivered': ({ event: { data, meta: { recordedAt } } }) => {
        const { callbackId, attempt: attempts } = data;
        const [nextAttemptAt, parkReason] = [null, null];
        ended({ callbackId, state: 'delivered', attempts, last: data, recordedAt, nextAttemptAt, parkReason });
      },
      'callback-parked': ({ event: { data, meta: { recordedAt } } }) => {
        const { callbackId, attempts, reason: parkReason, last } = data;
        ended({ callbackId, state: 'parked', attempts, last, recordedAt, nextAttemptAt: null, parkReason });
      },
    },
    get: (projectId, callbackId) => one.get(callbackId, projectId) as unknown as CallbackView | undefined,
    parkedCount: () => (parked.get() as { n: number }).n,
  };
}

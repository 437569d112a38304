import type { DatabaseSync } from 'node:sqlite';
import type { AttemptData, CallbackData, ParkReason } from '../../domain/events/events.js';
import type { OwedCallback } from '../../domain/owed.js';
import type { Position } from '../../ledger/ledger.js';
import { openOwedLane, type OwedLane } from '../owed/owed-lane.js';
import { contactKeyOf } from '../paging/contact-key.js';
import type { Minutes } from '../paging/minutes.js';
import type { Projection } from '../engine/projection.js';

/**
 * Callbacks are looked up by id until they are delivered, and no longer: an index over random ids of all that ever
 * were would cost most of the work of a fold.
 */
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
    contact_id TEXT,
    contact_key INTEGER,
    stream TEXT NOT NULL,
    revision INTEGER NOT NULL,
    after_id TEXT,
    after_at TEXT,
    state TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    last_class TEXT,
    last_status INTEGER,
    last_fault TEXT,
    last_at TEXT,
    park_reason TEXT,
    PRIMARY KEY (position, seq)
  ) WITHOUT ROWID, STRICT;
  CREATE UNIQUE INDEX callbacks_open ON callbacks (callback_id) WHERE state <> 'delivered';
  CREATE INDEX callbacks_waiting ON callbacks (position, seq) WHERE state = 'waiting';
  CREATE INDEX callbacks_due ON callbacks (due_at, callback_id) WHERE state = 'waiting';
  CREATE INDEX callbacks_parked ON callbacks (project_id, position, seq) WHERE state = 'parked';
  CREATE INDEX callbacks_by_contact ON callbacks (contact_key, position, seq) WHERE contact_key IS NOT NULL;
`;

/** A callback that falls due with an event; `seq` counts the callbacks of that event from 0. */
export interface DueCallback {
  readonly position: Position;
  readonly seq: number;
  readonly eventId: string;
  /** RFC 3339, when the event was recorded. */
  readonly eventAt: string;
  /** Whom the event is about; null where that is not known. */
  readonly contactId: string | null;
  readonly item: OwedCallback;
}

/** The rows of callbacks as the fold writes them. */
export interface CallbackRows extends Projection {
  readonly lane: OwedLane<OwedCallback>;
  add(due: DueCallback): void;
  /** When the event of a callback that has not ended was recorded; undefined for any other. */
  eventAtOfWaiting(callbackId: string): string | undefined;
}

interface Outcome {
  readonly state: 'waiting' | 'delivered' | 'parked';
  readonly attempts: number;
  readonly last: Omit<AttemptData, keyof CallbackData> | null;
  readonly recordedAt: string;
  /** When the next try is due, ms since the epoch; null leaves the time as it was. */
  readonly dueAt: number | null;
  readonly parkReason: ParkReason | null;
}

export function openCallbackRows(db: DatabaseSync, minutes: Pick<Minutes, 'note'>): CallbackRows {
  const insert = db.prepare(`
    INSERT INTO callbacks
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?, 0, NULL, NULL, NULL, NULL, NULL)`);
  // An end without a request of its own leaves what stands of the last request.
  const update = db.prepare(`
    UPDATE callbacks SET state = ?1, attempts = ?2, last_class = coalesce(?3, last_class),
      last_status = iif(?3 IS NULL, last_status, ?4), last_fault = iif(?3 IS NULL, last_fault, ?5), last_at = ?6,
      due_at = coalesce(?7, due_at), park_reason = ?8
    WHERE callback_id = ?9 AND state <> 'delivered'`);
  const reopen = db.prepare(`
    UPDATE callbacks SET state = 'waiting', due_at = ?, park_reason = NULL
    WHERE callback_id = ? AND state <> 'delivered'`);
  const eventAt = db.prepare(`
    SELECT event_at AS at FROM callbacks WHERE callback_id = ? AND state <> 'delivered' AND state = 'waiting'`);

  function write(callbackId: string, outcome: Outcome): void {
    const { state, attempts, last, recordedAt, dueAt, parkReason } = outcome;
    const { class: lastClass = null, status = null, fault = null } = last ?? {};
    update.run(state, attempts, lastClass, status, fault, recordedAt, dueAt, parkReason, callbackId);
  }

  return {
    lane: openOwedLane<LaneRow, OwedCallback>(db, {
      table: 'callbacks',
      where: `state = 'waiting'`,
      id: 'callback_id',
      columns: `project_id AS projectId, app_id AS appId, endpoint_id AS endpointId, trigger_name AS "trigger", stream,
        revision, after_id AS afterId, after_at AS afterAt, last_at IS NOT NULL AS known`,
      toItem: toOwedCallback,
    }),
    add({ position, seq, eventId, eventAt: at, contactId, item }) {
      const { callbackId, projectId, appId, endpointId, trigger, stream, revision, after } = item;
      const [afterId, afterAt, dueAt] = [after?.callbackId ?? null, after?.at ?? null, Date.parse(at)];
      const about = [callbackId, projectId, appId, endpointId, trigger, eventId, at] as const;
      minutes.note(position, at);
      const contact = [contactId, contactId && contactKeyOf(contactId)] as const;
      insert.run(position, seq, ...about, ...contact, stream, revision, afterId, afterAt, dueAt);
    },
    eventAtOfWaiting: (callbackId) => (eventAt.get(callbackId) as { at: string } | undefined)?.at,
    on: {
      'callback-attempted': ({ event: { data, meta } }) => {
        const dueAt = Date.parse(data.nextAttemptAt);
        const tried = { attempts: data.attempt, last: data, recordedAt: meta.recordedAt };
        write(data.callbackId, { ...tried, state: 'waiting', dueAt, parkReason: null });
      },
      'callback-delivered': ({ event: { data, meta } }) => {
        const tried = { attempts: data.attempt, last: data, recordedAt: meta.recordedAt };
        write(data.callbackId, { ...tried, state: 'delivered', dueAt: null, parkReason: null });
      },
      'callback-parked': ({ event: { data, meta } }) => {
        const tried = { attempts: data.attempts, last: data.last, recordedAt: meta.recordedAt };
        write(data.callbackId, { ...tried, state: 'parked', dueAt: null, parkReason: data.reason });
      },
      'callback-retry-requested': ({ event: { data, meta } }) => {
        reopen.run(Date.parse(meta.recordedAt), data.callbackId);
      },
    },
  };
}

/** An owed callback as it is selected. */
export interface LaneRow extends Omit<OwedCallback, 'callbackId' | 'after' | 'known'> {
  readonly owedId: string;
  readonly afterId: string | null;
  readonly afterAt: string | null;
  /** 1 where the callback's own stream has events. */
  readonly known: 0 | 1;
}

export function toOwedCallback({
  owedId: callbackId,
  afterId,
  afterAt,
  known,
  ...row
}: LaneRow): OwedCallback {
  const { projectId, appId, endpointId, trigger, stream, revision } = row;
  const after = afterId === null || afterAt === null ? null : { callbackId: afterId, at: afterAt };
  return {
    callbackId,
    projectId,
    appId,
    endpointId,
    trigger,
    stream,
    revision,
    after,
    ...(known === 1 && { known: true }),
  };
}

import type { DatabaseSync } from 'node:sqlite';
import type { AttemptClass, ParkReason, Trigger } from '../domain/events.js';

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
  /** When the next try is due while it waits, ms since the epoch. */
  readonly dueAt: number;
  readonly parkReason: ParkReason | null;
}

/** What became of the callbacks that fell due. */
export interface Callbacks {
  /** A callback that is waiting or parked; what a delivered one went through stands in its stream. */
  open(projectId: string, callbackId: string): CallbackView | undefined;
  /** How many of all projects are parked now. */
  parkedCount(): number;
}

export function openCallbacks(db: DatabaseSync): Callbacks {
  const one = db.prepare(`
    SELECT callback_id AS callbackId, project_id AS projectId, app_id AS appId, endpoint_id AS endpointId,
      trigger_name AS "trigger", event_id AS eventId, event_at AS eventAt, state, attempts, last_class AS lastClass,
      last_status AS lastStatus, last_fault AS lastFault, last_at AS lastAt, due_at AS dueAt, park_reason AS parkReason
    FROM callbacks WHERE callback_id = ? AND state <> 'delivered' AND project_id = ?`);
  const parked = db.prepare(`SELECT count(*) AS n FROM callbacks WHERE state = 'parked'`);
  return {
    open: (projectId, callbackId) => one.get(callbackId, projectId) as unknown as CallbackView | undefined,
    parkedCount: () => (parked.get() as { n: number }).n,
  };
}

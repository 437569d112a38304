import type { AttemptClass, ParkReason, Trigger } from '../../domain/events/events.js';

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
  /** How many requests were made. */
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

/** Selects a {@link CallbackView} from table `t`. */
export const CALLBACK_COLUMNS = `t.callback_id AS callbackId, t.project_id AS projectId, t.app_id AS appId,
  t.endpoint_id AS endpointId, t.trigger_name AS "trigger", t.event_id AS eventId, t.event_at AS eventAt, t.state,
  t.attempts, t.last_class AS lastClass, t.last_status AS lastStatus, t.last_fault AS lastFault, t.last_at AS lastAt,
  t.due_at AS dueAt, t.park_reason AS parkReason`;

import type { CallbackAttempt, DeliveryLog } from '../../ledger/reads/delivery-log.js';
import type { CallbackView } from '../../projections/views/callback-view.js';
import type { WireAttempt, WireCallback, WireCallbackDetail } from '../wire/webhooks/callbacks.js';

/** Shows a callback as lists do. */
export function toWireCallback(view: CallbackView): WireCallback {
  return {
    id: view.callbackId,
    app_id: view.appId,
    endpoint_id: view.endpointId,
    trigger: view.trigger,
    event_id: view.eventId,
    event_time: view.eventAt,
    state: view.state,
    attempts: view.attempts,
    last_class: view.lastClass,
    last_status: view.lastStatus,
    last_fault: view.lastFault,
    last_time: view.lastAt,
    next_attempt_at: view.state === 'waiting' ? new Date(view.dueAt).toISOString() : null,
    park_reason: view.parkReason,
  };
}

/**
 * A callback with its requests.
 * @param log what its stream tells; undefined before the first request
 * @param view where the views still know it by its id; undefined otherwise
 * @param personal true where the reader may see answers and addresses
 */
export function toCallbackDetail(
  log: DeliveryLog | undefined,
  view: CallbackView | undefined,
  personal: boolean,
): WireCallbackDetail | undefined {
  const attempts = log?.attempts ?? [];
  const attemptLog = attempts.map((attempt) => toWireAttempt(attempt, personal));
  if (log === undefined) return view && { ...toWireCallback(view), attempt_log: attemptLog };
  const last = attempts.at(-1);
  return {
    id: log.data.callbackId,
    app_id: log.data.appId,
    endpoint_id: log.data.endpointId,
    trigger: log.data.trigger,
    event_id: log.data.eventId,
    event_time: view?.eventAt ?? null,
    state: log.state,
    attempts: last?.attempt ?? 0,
    last_class: last?.class ?? null,
    last_status: last?.status ?? null,
    last_fault: last?.fault ?? null,
    last_time: log.lastAt,
    next_attempt_at: log.nextAttemptAt,
    park_reason: log.parkReason,
    attempt_log: attemptLog,
  };
}

function toWireAttempt(made: CallbackAttempt, personal: boolean): WireAttempt {
  return {
    number: made.attempt,
    at: made.at,
    class: made.class,
    status: made.status,
    fault: made.fault,
    duration_ms: made.durationMs,
    retry_after_ms: made.retryAfterMs,
    next_attempt_at: made.nextAttemptAt,
    ...(personal ? { peer: made.peer, answer_excerpt: made.excerpt } : {}),
  };
}

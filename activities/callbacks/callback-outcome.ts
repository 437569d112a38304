import type { HttpAnswer } from '../../http-client/http-sender.js';
import { parseRetryAfter } from '../../http-client/retry-after.js';
import { classifyFault, classifyStatus, type Fault } from '../../domain/callbacks/attempt-classes.js';
import type {
  AttemptClass,
  CallbackOutcome,
  CallbackParked,
  EventMeta,
  ParkReason,
} from '../../domain/events/events.js';
import type { OwedCallback } from '../../domain/owed.js';
import { nextAttemptDelayMs } from '../../domain/callbacks/retry-schedule.js';
import type { DeliverySettings } from '../../domain/settings.js';
import { deriveId } from '../../ledger/event-ids.js';
import { recordedAtAfter } from '../../ledger/recorded-at.js';
import type { CallbackContent } from './callback-contents.js';
import type { CallbackProgress } from './callback-progress.js';

/** One request that was made, or was refused by the address guard. */
export interface MadeAttempt {
  readonly answer: HttpAnswer;
  readonly class: AttemptClass;
  /** Code of what went wrong below HTTP, or with the token; null otherwise. */
  readonly fault: Fault | null;
  readonly retryAfterMs: number | null;
  readonly beganMs: number;
}

/** The event that a callback tells, as its outcomes name it. */
type Source = Pick<CallbackContent, 'eventId' | 'correlationId'>;

/** So many characters are kept of the answer to a success; of a failure everything that was read is kept. */
const KEPT_OF_SUCCESS = 1024;

/** Reads an answer to a callback. @param viaToken true when the receiver's token endpoint gave it, not the receiver */
export function judgeAnswer(
  answer: HttpAnswer,
  { profile }: DeliverySettings,
  {
    nowMs,
    beganMs,
    viaToken,
  }: { readonly nowMs: number; readonly beganMs: number; readonly viaToken: boolean },
): MadeAttempt {
  const retryAfterMs = answer.fault === null ? parseRetryAfter(answer.retryAfter, nowMs) : null;
  if (viaToken) {
    const fault = answer.fault === 'blocked' ? 'blocked' : 'token';
    return { answer, class: classifyFault(fault), fault, retryAfterMs, beganMs };
  }
  if (answer.fault === null) {
    return { answer, class: classifyStatus(answer.status, profile), fault: null, retryAfterMs, beganMs };
  }
  const fault = answer.fault === 'aborted' ? 'other' : answer.fault;
  return { answer, class: classifyFault(fault), fault, retryAfterMs, beganMs };
}

/** Makes the event of an attempt: its number follows on the progress, and its id derives from the number. */
export function attemptEvent(
  item: OwedCallback,
  source: Source,
  made: MadeAttempt,
  { progress, delivery, nowMs }: { progress: CallbackProgress; delivery: DeliverySettings; nowMs: number },
): CallbackOutcome {
  const attempt = progress.attempts + 1;
  const { class: attemptClass, answer, fault, retryAfterMs } = made;
  const { durationMs } = answer;
  const request = { attempt, class: attemptClass, status: answer.status, fault, durationMs };
  const envelope = {
    id: deriveId(item.callbackId, 'attempt', String(attempt)),
    version: 1,
    meta: metaOf(source, progress, nowMs),
    ...personalOf(made),
  } as const;
  const ids = idsOf(item, source);
  if (attemptClass === 'delivered')
    return { ...envelope, type: 'callback-delivered', data: { ...ids, ...request } };
  const delayMs = nextAttemptDelayMs({
    ...{ delivery, attempt, class: attemptClass, retryAfterMs, callbackId: item.callbackId },
    elapsedMs: Math.max(0, nowMs - (progress.firstBeganMs ?? made.beganMs)),
  });
  if (delayMs === null) {
    const reason = parkReason(attemptClass);
    return {
      ...envelope,
      type: 'callback-parked',
      data: { ...ids, attempts: attempt, reason, last: request },
    };
  }
  const nextAttemptAt = new Date(nowMs + delayMs).toISOString();
  return {
    ...envelope,
    type: 'callback-attempted',
    data: { ...ids, ...request, nextAttemptAt, retryAfterMs },
  };
}

/** Makes the event that ends a callback for which no request is made any more. */
export function parkedEvent(
  item: OwedCallback,
  source: Source,
  reason: ParkReason,
  { progress, nowMs }: { readonly progress: CallbackProgress; readonly nowMs: number },
): CallbackParked {
  const { attempts, retries } = progress;
  // A callback that was opened again may be parked again without a request in between. That is another fact, so it gets
  // another id.
  const again = retries === 0 ? [] : [String(retries)];
  return {
    id: deriveId(item.callbackId, 'parked', String(attempts), ...again),
    type: 'callback-parked',
    version: 1,
    data: { ...idsOf(item, source), attempts, reason, last: null },
    meta: metaOf(source, progress, nowMs),
  };
}

function idsOf({ projectId, appId, callbackId, endpointId, trigger }: OwedCallback, { eventId }: Source) {
  return { projectId, appId, callbackId, endpointId, trigger, eventId };
}

function metaOf(
  { eventId, correlationId }: Source,
  { lastRecordedAt }: CallbackProgress,
  nowMs: number,
): EventMeta {
  return {
    recordedAt: recordedAtAfter(lastRecordedAt, nowMs),
    occurredAt: new Date(nowMs).toISOString(),
    actor: { type: 'system' },
    causationId: eventId,
    ...(correlationId === undefined ? {} : { correlationId }),
  };
}

function personalOf({ answer, class: attemptClass }: MadeAttempt): {
  personal?: { peer?: string; excerpt?: string };
} {
  const excerpt = answer.fault === null ? answer.excerpt : '';
  const kept = attemptClass === 'delivered' ? excerpt.slice(0, KEPT_OF_SUCCESS) : excerpt;
  if (answer.peer === null && kept === '') return {};
  return {
    personal: {
      ...(answer.peer === null ? {} : { peer: answer.peer }),
      ...(kept === '' ? {} : { excerpt: kept }),
    },
  };
}

function parkReason(attemptClass: Exclude<AttemptClass, 'delivered'>): ParkReason {
  switch (attemptClass) {
    case 'transient':
    case 'misconfigured':
      return 'exhausted';
    case 'refused':
    case 'gone':
    case 'blocked':
      return attemptClass;
  }
}

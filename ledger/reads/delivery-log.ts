import type { AttemptData, CallbackData, CallbackEvent, ParkReason } from '../../domain/events/events.js';
import type { Ledger } from '../ledger.js';
import { callbackStream } from '../streams.js';
import { readWholeStream } from './whole-stream.js';

/** One request of a callback, as it was recorded. */
export interface CallbackAttempt extends Omit<AttemptData, keyof CallbackData> {
  /** RFC 3339, when the outcome was recorded. */
  readonly at: string;
  /** RFC 3339; null where none follows by itself. */
  readonly nextAttemptAt: string | null;
  /** What the answer's `Retry-After` asked for; null without one. */
  readonly retryAfterMs: number | null;
  /** Personal: the address that was dialled, and the first bytes of the answer. */
  readonly peer: string | null;
  readonly excerpt: string | null;
}

/** Everything that its stream tells of a callback that was tried, or parked. */
export interface DeliveryLog {
  readonly data: CallbackData;
  readonly state: 'waiting' | 'delivered' | 'parked';
  readonly attempts: readonly CallbackAttempt[];
  readonly parkReason: ParkReason | null;
  /** RFC 3339, when the next request is due; null unless it waits. */
  readonly nextAttemptAt: string | null;
  /** RFC 3339, when the last outcome was recorded. */
  readonly lastAt: string;
}

/** Undefined where the stream is empty: no such callback, or one that has not been tried yet. */
export async function readDeliveryLog(
  ledger: Pick<Ledger, 'readStream'>,
  callbackId: string,
): Promise<DeliveryLog | undefined> {
  const events = (await readWholeStream(ledger, callbackStream(callbackId)))
    .map(({ event }) => event)
    .filter(isCallbackEvent);
  const last = events.at(-1);
  if (last === undefined) return undefined;
  const outcome = events.findLast(({ type }) => type !== 'callback-retry-requested') ?? last;
  const { projectId, appId, endpointId, trigger, eventId } = last.data;
  return {
    data: { projectId, appId, callbackId, endpointId, trigger, eventId },
    state: STATES[last.type],
    attempts: events.flatMap(attemptOf),
    parkReason: last.type === 'callback-parked' ? last.data.reason : null,
    nextAttemptAt: nextAttemptAt(last),
    lastAt: outcome.meta.recordedAt,
  };
}

function nextAttemptAt(last: CallbackEvent): string | null {
  if (last.type === 'callback-attempted') return last.data.nextAttemptAt;
  return last.type === 'callback-retry-requested' ? last.meta.recordedAt : null;
}

const STATES = {
  'callback-attempted': 'waiting',
  'callback-delivered': 'delivered',
  'callback-parked': 'parked',
  'callback-retry-requested': 'waiting',
} as const satisfies Readonly<Record<CallbackEvent['type'], DeliveryLog['state']>>;

export function isCallbackEvent(event: { readonly type: string }): event is CallbackEvent {
  return event.type in STATES;
}

function attemptOf(event: CallbackEvent): readonly CallbackAttempt[] {
  const { personal, meta } = event;
  const told = { at: meta.recordedAt, peer: personal?.peer ?? null, excerpt: personal?.excerpt ?? null };
  switch (event.type) {
    case 'callback-attempted': {
      const { nextAttemptAt, retryAfterMs } = event.data;
      return [{ ...requestOf(event.data), ...told, nextAttemptAt, retryAfterMs }];
    }
    case 'callback-delivered':
      return [{ ...requestOf(event.data), ...told, nextAttemptAt: null, retryAfterMs: null }];
    case 'callback-parked':
      return event.data.last === null
        ? []
        : [{ ...requestOf(event.data.last), ...told, nextAttemptAt: null, retryAfterMs: null }];
    case 'callback-retry-requested':
      return [];
  }
}

function requestOf(data: Omit<AttemptData, keyof CallbackData>) {
  const { attempt, class: attemptClass, status, fault, durationMs } = data;
  return { attempt, class: attemptClass, status, fault, durationMs };
}

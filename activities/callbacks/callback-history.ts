import type { AttemptData } from '../../domain/events/events.js';
import { isCallbackEvent } from '../../ledger/reads/callback-story.js';
import type { Expected, Ledger, Recorded } from '../../ledger/ledger.js';
import { callbackStream } from '../../ledger/streams.js';
import { readWholeStream } from '../../ledger/reads/whole-stream.js';
import type { CallbackResult } from './callback-types.js';

/** One callback as its stream tells it. */
export interface CallbackHistory {
  readonly revision: Expected;
  /** Requests recorded. */
  readonly attempts: number;
  /** Milliseconds since the epoch when the first request began; null before it. */
  readonly firstBeganMs: number | null;
  readonly ended: 'delivered' | 'parked' | null;
  /** How often somebody asked for a request at once. */
  readonly retries: number;
  /** RFC 3339; null when ended, before the first request, and once somebody asked for the next one at once. */
  readonly nextAttemptAt: string | null;
  /** What the last request came to, a status or the code of a fault; empty before it. */
  readonly lastAnswer: string;
  /** RFC 3339 of the last event; null without one. */
  readonly lastRecordedAt: string | null;
}

/** What stands before the first request. */
export const NO_HISTORY: CallbackHistory = {
  revision: 'none',
  attempts: 0,
  firstBeganMs: null,
  ended: null,
  retries: 0,
  nextAttemptAt: null,
  lastAnswer: '',
  lastRecordedAt: null,
};

/** Reads a callback's stream. Throws what the ledger throws. */
export async function readHistory(
  ledger: Pick<Ledger, 'readStream'>,
  callbackId: string,
): Promise<CallbackHistory> {
  const events = await readWholeStream(ledger, callbackStream(callbackId));
  return events.reduce(evolve, NO_HISTORY);
}

function evolve(history: CallbackHistory, { event, revision }: Recorded): CallbackHistory {
  const at = { revision, lastRecordedAt: event.meta.recordedAt };
  if (!isCallbackEvent(event)) return { ...history, ...at };
  switch (event.type) {
    case 'callback-attempted':
    case 'callback-delivered': {
      const { attempt, durationMs } = event.data;
      const beganMs = Date.parse(event.meta.recordedAt) - durationMs;
      return {
        ...history,
        ...at,
        attempts: attempt,
        firstBeganMs: history.firstBeganMs ?? beganMs,
        ended: event.type === 'callback-delivered' ? 'delivered' : null,
        nextAttemptAt: event.type === 'callback-attempted' ? event.data.nextAttemptAt : null,
        lastAnswer: answerOf(event.data),
      };
    }
    case 'callback-parked':
      return { ...history, ...at, attempts: event.data.attempts, ended: 'parked', nextAttemptAt: null };
    case 'callback-retry-requested':
      return { ...history, ...at, ended: null, retries: history.retries + 1, nextAttemptAt: null };
  }
}

/** `503`, or `timeout` where no status came. */
export function answerOf({ status, fault }: Pick<AttemptData, 'status' | 'fault'>): string {
  return status === null ? (fault ?? 'no answer') : String(status);
}

/** What the stream says is to be done; null when a request is due (or was never made, or is asked for). */
export function standingResult(
  callbackId: string,
  { ended, attempts, nextAttemptAt, lastAnswer }: CallbackHistory,
  nowMs: number,
): CallbackResult | null {
  if (ended !== null) return { callbackId, state: ended, attempts };
  if (nextAttemptAt === null || Date.parse(nextAttemptAt) <= nowMs) return null;
  return { callbackId, state: 'waiting', attempts, nextAttemptAt, answer: lastAnswer };
}

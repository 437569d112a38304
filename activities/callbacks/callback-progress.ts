import type { Clock } from '../../domain/clock.js';
import type { AttemptData, CallbackOutcome } from '../../domain/events/events.js';
import type { OwedCallback } from '../../domain/owed.js';
import { appendClearly } from '../../ledger/append-clearly.js';
import { RevisionConflict, TooManyConflicts } from '../../ledger/errors.js';
import type { Expected, Ledger, Recorded } from '../../ledger/ledger.js';
import { isCallbackEvent } from '../../ledger/reads/delivery-log.js';
import { readWholeStream } from '../../ledger/reads/whole-stream.js';
import { callbackStream } from '../../ledger/streams.js';
import type { CallbackResult } from './callback-types.js';

/** Says how far one callback has come; it is the fold of the callback's stream. */
export interface CallbackProgress {
  readonly revision: Expected;
  /** How many requests were recorded. */
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

/** The progress of a callback before its first request. */
export const NOT_TRIED: CallbackProgress = {
  revision: 'none',
  attempts: 0,
  firstBeganMs: null,
  ended: null,
  retries: 0,
  nextAttemptAt: null,
  lastAnswer: '',
  lastRecordedAt: null,
};

/** How often an outcome is decided anew because others write to the same stream. */
const REPEATS = 5;

/** Reads and folds a callback's stream. Throws what the ledger throws. */
export async function readCallbackProgress(
  ledger: Pick<Ledger, 'readStream'>,
  callbackId: string,
): Promise<CallbackProgress> {
  const events = await readWholeStream(ledger, callbackStream(callbackId));
  return events.reduce(evolve, NOT_TRIED);
}

function evolve(progress: CallbackProgress, { event, revision }: Recorded): CallbackProgress {
  const at = { revision, lastRecordedAt: event.meta.recordedAt };
  if (!isCallbackEvent(event)) return { ...progress, ...at };
  switch (event.type) {
    case 'callback-attempted':
    case 'callback-delivered': {
      const { attempt, durationMs } = event.data;
      const beganMs = Date.parse(event.meta.recordedAt) - durationMs;
      return {
        ...progress,
        ...at,
        attempts: attempt,
        firstBeganMs: progress.firstBeganMs ?? beganMs,
        ended: event.type === 'callback-delivered' ? 'delivered' : null,
        nextAttemptAt: event.type === 'callback-attempted' ? event.data.nextAttemptAt : null,
        lastAnswer: answerOf(event.data),
      };
    }
    case 'callback-parked':
      return { ...progress, ...at, attempts: event.data.attempts, ended: 'parked', nextAttemptAt: null };
    case 'callback-retry-requested':
      return { ...progress, ...at, ended: null, retries: progress.retries + 1, nextAttemptAt: null };
  }
}

/** Writes e.g. `503`, or `timeout` where no status came. */
function answerOf({ status, fault }: Pick<AttemptData, 'status' | 'fault'>): string {
  return status === null ? (fault ?? 'no answer') : String(status);
}

/** Gives the result that the progress amounts to; null when a request is due, was never made, or is asked for. */
export function resultOfProgress(
  callbackId: string,
  { ended, attempts, nextAttemptAt, lastAnswer }: CallbackProgress,
  nowMs: number,
): CallbackResult | null {
  if (ended !== null) return { callbackId, state: ended, attempts };
  if (nextAttemptAt === null || Date.parse(nextAttemptAt) <= nowMs) return null;
  return { callbackId, state: 'waiting', attempts, nextAttemptAt, answer: lastAnswer };
}

/**
 * Appends what became of a callback. Where somebody else was faster, what they recorded is taken for the outcome,
 * unless this one ends the callback and theirs did not.
 * @param decide makes the event that follows on a progress
 * @throws TooManyConflicts; what the ledger throws
 */
export async function recordCallbackOutcome(
  deps: { readonly ledger: Ledger; readonly clock: Clock },
  { callbackId }: OwedCallback,
  known: CallbackProgress,
  decide: (progress: CallbackProgress) => CallbackOutcome,
): Promise<CallbackResult> {
  let progress = known;
  for (let repeat = 0; repeat <= REPEATS; repeat++) {
    const event = decide(progress);
    if (await append(deps, callbackId, event, progress)) return resultOfOutcome(callbackId, event);
    progress = await readCallbackProgress(deps.ledger, callbackId);
    const { ended, attempts, nextAttemptAt, lastAnswer } = progress;
    if (ended !== null) return { callbackId, state: ended, attempts };
    // An attempt of this number stands. Otherwise somebody asked for a retry meanwhile, and this attempt is that retry.
    if (event.type === 'callback-attempted' && attempts >= event.data.attempt) {
      const next = nextAttemptAt ?? event.meta.recordedAt;
      return { callbackId, state: 'waiting', attempts, nextAttemptAt: next, answer: lastAnswer };
    }
  }
  throw new TooManyConflicts('a callback whose stream others write');
}

/** Answers false when the stream has gone on without us, or holds this attempt already. */
async function append(
  deps: { readonly ledger: Ledger; readonly clock: Clock },
  callbackId: string,
  event: CallbackOutcome,
  { revision }: CallbackProgress,
): Promise<boolean> {
  try {
    return !(await appendClearly(deps, callbackStream(callbackId), [event], revision)).duplicate;
  } catch (error) {
    if (error instanceof RevisionConflict) return false;
    throw error;
  }
}

function resultOfOutcome(callbackId: string, event: CallbackOutcome): CallbackResult {
  switch (event.type) {
    case 'callback-delivered':
      return { callbackId, state: 'delivered', attempts: event.data.attempt };
    case 'callback-parked':
      return { callbackId, state: 'parked', attempts: event.data.attempts };
    case 'callback-attempted': {
      const { attempt, nextAttemptAt } = event.data;
      return { callbackId, state: 'waiting', attempts: attempt, nextAttemptAt, answer: answerOf(event.data) };
    }
  }
}

import type { Clock } from '../../domain/clock.js';
import type { CallbackOutcome } from '../../domain/events/events.js';
import type { OwedCallback } from '../../domain/owed.js';
import { appendClearly } from '../../ledger/append-clearly.js';
import { RevisionConflict, TooManyConflicts } from '../../ledger/errors.js';
import type { Ledger } from '../../ledger/ledger.js';
import { callbackStream } from '../../ledger/streams.js';
import { answerOf, readHistory, type CallbackHistory } from './callback-history.js';
import type { CallbackResult } from './callback-types.js';

const REPEATS = 5;

/**
 * Appends what became of a callback. Where somebody else was faster, what stands is taken for the outcome, unless
 * this one ends the callback and that one did not.
 * @param decide makes the event that follows on a history
 * @throws TooManyConflicts; what the ledger throws
 */
export async function recordOutcome(
  deps: { readonly ledger: Ledger; readonly clock: Clock },
  item: OwedCallback,
  known: CallbackHistory,
  decide: (history: CallbackHistory) => CallbackOutcome,
): Promise<CallbackResult> {
  const { callbackId } = item;
  let history = known;
  for (let repeat = 0; repeat <= REPEATS; repeat++) {
    const event = decide(history);
    if (await append(deps, callbackId, event, history)) return resultOf(callbackId, event);
    history = await readHistory(deps.ledger, callbackId);
    const { ended, attempts, nextAttemptAt, lastAnswer } = history;
    if (ended !== null) return { callbackId, state: ended, attempts };
    // An attempt of this number stands. Otherwise somebody asked for a retry meanwhile, which this attempt then is.
    if (event.type === 'callback-attempted' && attempts >= event.data.attempt) {
      const next = nextAttemptAt ?? event.meta.recordedAt;
      return { callbackId, state: 'waiting', attempts, nextAttemptAt: next, answer: lastAnswer };
    }
  }
  throw new TooManyConflicts('a callback whose stream others write');
}

/** False when the stream has gone on without us, or holds this attempt already. */
async function append(
  deps: { readonly ledger: Ledger; readonly clock: Clock },
  callbackId: string,
  event: CallbackOutcome,
  { revision }: CallbackHistory,
): Promise<boolean> {
  try {
    return !(await appendClearly(deps, callbackStream(callbackId), [event], revision)).duplicate;
  } catch (error) {
    if (error instanceof RevisionConflict) return false;
    throw error;
  }
}

function resultOf(callbackId: string, event: CallbackOutcome): CallbackResult {
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

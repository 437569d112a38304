import type { HandOverOutcome } from '../../channels/channel.js';
import type { Clock } from '../../domain/clock.js';
import { handOverDelayMs, outcomeAwaitedUntil } from '../../domain/messages/hand-over-schedule.js';
import type { Ledger } from '../../ledger/ledger.js';
import {
  dispatchedEvents,
  failedEvent,
  notSentEvent,
  type Failure,
  type Intent,
} from './hand-over-events.js';
import type { MessageResult } from './hand-over-types.js';
import { recordHandOverOutcome, type Outcome } from './record-hand-over.js';

interface SettleDeps {
  readonly ledger: Ledger;
  readonly clock: Clock;
}

interface Settlement {
  readonly outcome: HandOverOutcome;
  readonly idempotent: boolean;
  /** Intents in a row without an outcome, this one included. */
  readonly unresolved: number;
}

/** Records what became of the call; an unknown outcome is recorded only where it ends the message. */
export async function settleHandOver(
  deps: SettleDeps,
  intent: Intent,
  settlement: Settlement,
): Promise<MessageResult> {
  const { outcome, idempotent, unresolved } = settlement;
  switch (outcome.outcome) {
    case 'taken':
      return end(deps, intent, 'dispatched', {
        taken: true,
        build: (recordedAt) => dispatchedEvents(intent, outcome, recordedAt),
      });
    case 'failed':
      return fail(deps, intent, outcome);
    case 'not-taken':
      return waitOrExpire(deps, intent, outcome);
    case 'unknown':
      if (!idempotent) return fail(deps, intent, { reason: 'DELIVERY_TIMED_OUT' });
      return waiting(deps.clock, intent, 'unknown', outcomeAwaitedUntil(intent.recordedAt, unresolved));
  }
}

/** Records that the redemption got another answer than the workflow: nothing was called, so the workflow decides anew. */
export async function settleStale(deps: SettleDeps, intent: Intent): Promise<MessageResult> {
  const messageId = intent.accepted.data.messageId;
  await recordHandOverOutcome(deps, intent, {
    taken: false,
    build: (recordedAt) => [notSentEvent(intent, { class: 'stale', retryAt: null }, recordedAt)],
  });
  return { messageId, state: 'again', why: 'stale' };
}

type NotTaken = Extract<HandOverOutcome, { outcome: 'not-taken' }>;

async function waitOrExpire(deps: SettleDeps, intent: Intent, notTaken: NotTaken): Promise<MessageResult> {
  const { accepted, attempt } = intent;
  const until = deps.clock.now() + handOverDelayMs(attempt, notTaken.retryAfterMs);
  const expires = until >= Date.parse(accepted.data.expiresAt);
  const retryAt = expires ? null : new Date(until).toISOString();
  const recording: Outcome = {
    taken: false,
    build: (recordedAt) => [
      notSentEvent(intent, { class: notTaken.class, retryAt }, recordedAt),
      ...(expires ? [failedEvent(intent, { reason: 'MESSAGE_EXPIRED' }, recordedAt)] : []),
    ],
  };
  if (expires) return end(deps, intent, 'failed', recording);
  const recorded = await recordHandOverOutcome(deps, intent, recording);
  if (recorded === 'recorded') return waiting(deps.clock, intent, notTaken.class, until);
  return elsewhere(intent, recorded);
}

function fail(deps: SettleDeps, intent: Intent, failure: Failure): Promise<MessageResult> {
  return end(deps, intent, 'failed', {
    taken: false,
    build: (recordedAt) => [failedEvent(intent, failure, recordedAt)],
  });
}

async function end(
  deps: SettleDeps,
  intent: Intent,
  as: 'dispatched' | 'failed',
  outcome: Outcome,
): Promise<MessageResult> {
  const recorded = await recordHandOverOutcome(deps, intent, outcome);
  if (recorded !== 'recorded') return elsewhere(intent, recorded);
  return { messageId: intent.accepted.data.messageId, state: 'ended', as };
}

function elsewhere(intent: Intent, recorded: 'dispatched' | 'left'): MessageResult {
  const { messageId } = intent.accepted.data;
  if (recorded === 'dispatched') return { messageId, state: 'ended', as: 'dispatched' };
  return { messageId, state: 'again', why: 'conflict' };
}

function waiting(
  clock: Clock,
  intent: Intent,
  why: NotTaken['class'] | 'unknown',
  until: number,
): MessageResult {
  return {
    messageId: intent.accepted.data.messageId,
    state: 'waiting',
    attempt: intent.attempt,
    why,
    waitMs: Math.max(until - clock.now(), 0),
    until: new Date(until).toISOString(),
  };
}

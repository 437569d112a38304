import type {
  AppFacts,
  MessageEnd,
  MessageFacts,
  MessagePlan,
  OpenMessage,
  ReadMessages,
} from '../activities/messages/hand-over-types.js';
import { outcomeAwaitedUntil } from '../domain/messages/hand-over-schedule.js';
import { judgeMessage, type MessageVerdict } from '../domain/messages/message-verdict.js';

/** A message that waits for somebody's decision is looked at again after so long at the latest. */
const LOOK_FOR_DECISION_MS = 60_000;

type WaitReason = 'retry' | 'outcome' | 'held';

/** What a workflow does next about one message. */
export type MessageStep =
  | { readonly step: 'end'; readonly as: MessageEnd }
  | { readonly step: 'act'; readonly plan: MessagePlan }
  | {
      readonly step: 'wait';
      readonly waitMs: number;
      readonly until: string;
      readonly why: WaitReason;
    }
  | { readonly step: 'fault'; readonly code: string };

const wait = (until: number, now: number, why: WaitReason): MessageStep => ({
  step: 'wait',
  waitMs: until - now,
  until: new Date(until).toISOString(),
  why,
});

/** Decides over one message as an activity read it; `now` and the apps come from the same read. */
export function planMessage(read: ReadMessages, message: MessageFacts): MessageStep {
  if (message.status === 'ended') return { step: 'end', as: message.as };
  if (message.status === 'faulted') return { step: 'fault', code: message.code };
  const app = read.apps[message.item.appId];
  if (app === undefined) return { step: 'fault', code: 'MessageUnreadable' };
  switch (message.phase) {
    case 'new':
      return decide(message, app, read.now);
    case 'waiting': {
      const retryAt = message.retryAt === null ? 0 : Date.parse(message.retryAt);
      if (retryAt > read.now) return wait(retryAt, read.now, 'retry');
      return decide(message, app, read.now);
    }
    case 'handing-over':
      return afterIntent(message, app, read.now);
  }
}

function afterIntent(message: OpenMessage, app: AppFacts, now: number): MessageStep {
  const until = outcomeAwaitedUntil(message.handingOverSince ?? message.expiresAt, message.unresolved);
  if (until > now) return wait(until, now, 'outcome');
  const { attempt } = message;
  const step = decide(message, app, now);
  // It is the same attempt again, under the idempotency key that the channel knows already.
  if (app.idempotent && step.step === 'wait') return step;
  if (app.idempotent && step.step === 'act' && step.plan.action === 'hand-over') {
    return { step: 'act', plan: { ...step.plan, attempt } };
  }
  const plan = { ...planBase(message, app), attempt, action: 'fail', reason: 'DELIVERY_TIMED_OUT' } as const;
  return { step: 'act', plan };
}

function planBase({ item, revision, contacts }: OpenMessage, app: AppFacts) {
  return { item, revision, permit: { app: app.at, contacts: contacts.map(({ at }) => at) } };
}

function decide(message: OpenMessage, app: AppFacts, now: number): MessageStep {
  const { kind, contentType, expiresAt, cause, contacts } = message;
  const standings = contacts.map(({ standing }) => standing);
  const rules = message.channelMissing ? { ...app.rules, hasChannel: false } : app.rules;
  const heldStops = contacts.flatMap((contact) => contact.heldStops ?? []);
  const question = { kind, contentType, expiresAt, cause, rules, standings, heldStops, now };
  const verdict = judgeMessage(question);
  if (verdict.verdict === 'hold') {
    return wait(Math.min(verdict.until, Date.parse(expiresAt), now + LOOK_FOR_DECISION_MS), now, 'held');
  }
  return { step: 'act', plan: planOf(verdict, message, app) };
}

function planOf(
  verdict: Exclude<MessageVerdict, { verdict: 'hold' }>,
  message: OpenMessage,
  app: AppFacts,
): MessagePlan {
  const { attempt } = message;
  const base = planBase(message, app);
  switch (verdict.verdict) {
    case 'hand-over':
      return { ...base, action: 'hand-over', attempt: attempt + 1 };
    case 'fail':
      return { ...base, action: 'fail', attempt, reason: verdict.reason };
    case 'block': {
      const { listType, recipientIndex, decidedBy } = verdict;
      const { notifyOptOut } = app;
      return {
        ...base,
        action: 'block',
        attempt,
        listType,
        recipientIndex,
        decidedBy,
        notifyOptOut,
        mode: app.rules.mode,
      };
    }
  }
}

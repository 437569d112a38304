import type {
  AppFacts,
  MessageEnd,
  MessageFacts,
  MessagePlan,
  OpenMessage,
  ReadMessages,
} from '../activities/messages/hand-over-types.js';
import { outcomeAwaitedUntil } from '../domain/messages/hand-over-schedule.js';
import { judgeMessage } from '../domain/messages/message-verdict.js';

/** What a workflow does next about one message. */
export type MessageStep =
  | { readonly step: 'end'; readonly as: MessageEnd }
  | { readonly step: 'act'; readonly plan: MessagePlan }
  | {
      readonly step: 'wait';
      readonly waitMs: number;
      readonly until: string;
      readonly why: 'retry' | 'outcome';
    }
  | { readonly step: 'fault'; readonly code: string };

const wait = (until: number, now: number, why: 'retry' | 'outcome'): MessageStep => ({
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
      return { step: 'act', plan: decide(message, app, read.now) };
    case 'waiting': {
      const retryAt = message.retryAt === null ? 0 : Date.parse(message.retryAt);
      if (retryAt > read.now) return wait(retryAt, read.now, 'retry');
      return { step: 'act', plan: decide(message, app, read.now) };
    }
    case 'handing-over':
      return afterIntent(message, app, read.now);
  }
}

function afterIntent(message: OpenMessage, app: AppFacts, now: number): MessageStep {
  const until = outcomeAwaitedUntil(message.handingOverSince ?? message.expiresAt, message.unresolved);
  if (until > now) return wait(until, now, 'outcome');
  const plan = decide(message, app, now);
  // It is the same attempt again, under the idempotency key that the channel knows already.
  if (app.idempotent && plan.action === 'hand-over') {
    return { step: 'act', plan: { ...plan, attempt: message.attempt } };
  }
  const { item, revision, permit } = plan;
  return {
    step: 'act',
    plan: { action: 'fail', item, revision, permit, attempt: message.attempt, reason: 'DELIVERY_TIMED_OUT' },
  };
}

function decide(message: OpenMessage, app: AppFacts, now: number): MessagePlan {
  const { item, revision, attempt, kind, contentType, expiresAt, cause, contacts } = message;
  const standings = contacts.map(({ standing }) => standing);
  const rules = message.channelMissing ? { ...app.rules, hasChannel: false } : app.rules;
  const verdict = judgeMessage({ kind, contentType, expiresAt, cause, rules, standings, now });
  const base = { item, revision, permit: { app: app.at, contacts: contacts.map(({ at }) => at) } };
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
        mode: rules.mode,
      };
    }
  }
}

import type { CallbackResult } from '../../activities/callbacks/callback-types.js';
import type { MessageFacts, MessageResult, ReadMessages } from '../../activities/messages/hand-over-types.js';
import type { CallbackActivities, MessageActivities } from '../../activities/index.js';

// Activities that answer by a script.

/** Answers by activity and id: each is given once, the last one for ever. */
export const script = new Map<string, unknown[]>();
/** What was called, in order. */
export const calls: string[] = [];
function next<T>(activity: string, id: string): T {
  calls.push(`${activity} ${id}`);
  const answers = script.get(`${activity} ${id}`) ?? [];
  const answer = answers.length > 1 ? answers.shift() : answers[0];
  if (answer instanceof Error) throw answer;
  if (typeof answer === 'function') return (answer as () => T)();
  return answer as T;
}
const read = (...messages: MessageFacts[]): ReadMessages => {
  const rules = {
    deleted: false,
    enabled: true,
    mode: 'PRIMARY',
    startClearsAll: false,
    hasChannel: true,
  } as const;
  const app = { at: { stream: 'app-a', revision: 0 }, rules, notifyOptOut: true, idempotent: false };
  return { now: Date.now(), apps: { a: app }, messages };
};
const posted = (...results: CallbackResult[]) => ({ now: Date.now(), results });

export const activities: MessageActivities & CallbackActivities = {
  readMessages: async (items) => read(...items.map(({ messageId }) => next<MessageFacts>('read', messageId))),
  readMessage: async ({ messageId }) => read(next<MessageFacts>('read', messageId)),
  handOverMessages: async (plans) => plans.map(({ item }) => next<MessageResult>('send', item.messageId)),
  handOverMessage: async ({ item }) => next<MessageResult>('send', item.messageId),
  postCallbacks: async (items) =>
    posted(...items.map(({ callbackId }) => next<CallbackResult>('post', callbackId))),
  postCallback: async ({ callbackId }, until) =>
    posted(
      await next<CallbackResult | Promise<CallbackResult>>(
        until === null ? 'post' : 'post-running',
        callbackId,
      ),
    ),
};

import type { Clock } from '../domain/clock.js';
import type { OwedCallback, OwedMessage } from '../domain/owed.js';
import type { Ledger } from '../ledger/ledger.js';
import { attemptNumber, beating, failWith, workerStopping } from './activity-context.js';
import { CallbackFault, type CallbackResult } from './callbacks/callback-types.js';
import { lastEventReader, type ChannelFor } from './messages/decision-facts.js';
import { faultCode } from './fault-code.js';
import { createHandOvers, Stopping } from './messages/hand-over-batch.js';
import type { MessagePlan, MessageResult, ReadMessages } from './messages/hand-over-types.js';
import type { CallbackPoster } from './callbacks/callback-poster.js';
import { readMessages } from './messages/read-messages.js';
import type { BatchTimes } from './times.js';

/** Results with the moment (ms since the epoch) that their times are counted from. */
export interface PostedCallbacks {
  readonly now: number;
  readonly results: readonly CallbackResult[];
}

/** Each makes one attempt. A plural takes many items, and none throws; a singular throws our own faults, as codes. */
export interface MessageActivities {
  readMessages(items: readonly OwedMessage[]): Promise<ReadMessages>;
  readMessage(item: OwedMessage): Promise<ReadMessages>;
  handOverMessages(plans: readonly MessagePlan[]): Promise<readonly MessageResult[]>;
  handOverMessage(plan: MessagePlan): Promise<MessageResult>;
}
export interface CallbackActivities {
  postCallbacks(items: readonly OwedCallback[]): Promise<PostedCallbacks>;
  /** @param runningUntil what a batch said of the callback, RFC 3339; null where none said anything */
  postCallback(item: OwedCallback, runningUntil: string | null): Promise<PostedCallbacks>;
}

export interface ActivitiesDeps {
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** A fresh UUID. */
  readonly newId: () => string;
  readonly channelFor: ChannelFor;
  readonly poster: Pick<CallbackPoster, 'postCallbacks' | 'postCallback'>;
  /** The times of the batches of messages; the poster has its own. */
  readonly batch: BatchTimes;
  /** Called with each fault of our own: an id, a code, and what was thrown where that is known. */
  readonly onFault: (fault: { readonly id: string; readonly code: string; readonly error: unknown }) => void;
}

export interface AllActivities {
  readonly messages: MessageActivities;
  readonly callbacks: CallbackActivities;
  /**
   * Begins no new hand-overs from now on; resolves when all that run have been recorded. Callbacks are stopped at the
   * poster; batches that it cuts short are given back whole.
   */
  stopNewHandOvers(): Promise<void>;
}

/** Makes the activities of both task queues. */
export function createActivities(deps: ActivitiesDeps): AllActivities {
  const { ledger, clock, poster } = deps;
  let stopping = false;
  const handOvers = createHandOvers({
    ...deps,
    readLast: lastEventReader(ledger),
    onFault: (id, error) => {
      deps.onFault({ id, code: faultCode(error), error });
    },
  });

  /** Only codes leave: a message might quote what must not stand in a history. */
  async function asCodes<T>(id: string, work: () => Promise<T>): Promise<T> {
    try {
      return await beating(work);
    } catch (error) {
      if (error instanceof Stopping) throw workerStopping();
      const code = error instanceof CallbackFault ? error.code : faultCode(error);
      if (code === 'stopping') throw workerStopping();
      deps.onFault({ id, code, error });
      throw failWith(code);
    }
  }

  return {
    messages: {
      readMessages: (items) => asCodes('batch', () => readMessages(deps, items)),
      readMessage: async (item) => {
        const read = await asCodes(item.messageId, () => readMessages(deps, [item]));
        const [message] = read.messages;
        if (message?.status !== 'faulted') return read;
        deps.onFault({ id: item.messageId, code: message.code, error: null });
        throw failWith(message.code);
      },
      handOverMessages: (plans) => asCodes('batch', () => handOvers.batch(plans)),
      handOverMessage: (plan) => asCodes(plan.item.messageId, () => handOvers.one(plan)),
    },
    callbacks: {
      postCallbacks: (items) =>
        asCodes('batch', async () => {
          const results = await poster.postCallbacks(items, undefined, { lookUp: attemptNumber() > 1 });
          // It is cheaper that another worker takes the whole batch again than that each item gets a workflow.
          if (stopping && results.some(({ state }) => state === 'skipped' || state === 'late')) {
            throw new Stopping('callbacks were left');
          }
          return { now: clock.now(), results };
        }),
      postCallback: (item, runningUntil) =>
        asCodes(item.callbackId, async () => {
          const result = await poster.postCallback(item, runningUntil ?? undefined);
          return { now: clock.now(), results: [result] };
        }),
    },
    stopNewHandOvers: () => {
      stopping = true;
      return handOvers.stopNew();
    },
  };
}

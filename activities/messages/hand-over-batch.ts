import { createSlotPools } from '../../channels/slot-pool.js';
import { createProgress } from '../batch-progress.js';
import { faultCode } from '../fault-code.js';
import type { BatchTimes } from '../times.js';
import { handOver, type HandOverDeps, type HandOverHooks } from './hand-over.js';
import type { MessagePlan, MessageResult } from './hand-over-types.js';

/**
 * So many messages of an app may be between their reading and their call in this process, over all its batches. If all
 * were prepared at once, all would be ready late, and for nothing where the batch's patience ends before. The bound is
 * per app, because a turn also waits for a place at the app's channel, which may be slow.
 */
const TURNS = 16;

/** Makes the hand-overs of one process. */
export interface HandOvers {
  /** Carries one plan out, to its outcome. Throws our own faults, and `Stopping` after `stopNew`. */
  one(plan: MessagePlan): Promise<MessageResult>;
  /** Carries many plans out at once and answers in their order; nothing is thrown for a single item. */
  batch(plans: readonly MessagePlan[]): Promise<readonly MessageResult[]>;
  /** Appends no new intents from now on; resolves when all calls that run have been recorded. */
  stopNew(): Promise<void>;
}

/** Thrown because this process is going down: another one will do the work. */
export class Stopping extends Error {
  override readonly name = 'Stopping';
}

export interface HandOversDeps extends HandOverDeps {
  /** Called with every fault that does not reach Temporal as one. */
  readonly onFault: (messageId: string, error: unknown) => void;
  readonly batch: BatchTimes;
}

/** Makes the hand-overs of this process. */
export function createHandOvers(deps: HandOversDeps): HandOvers {
  const stopping = new AbortController();
  const calling = new Map<MessagePlan, Promise<unknown>>();

  const turns = createSlotPools(TURNS);

  /** Runs a plan and remembers it while its call runs, so that a shutdown can wait for its outcome. */
  function run(plan: MessagePlan, hooks: Omit<HandOverHooks, 'onIntent'>): Promise<MessageResult> {
    const running: Promise<MessageResult> = handOver(deps, plan, {
      ...hooks,
      onIntent: () => {
        calling.set(plan, running);
      },
    });
    const forget = (): void => {
      calling.delete(plan);
    };
    void running.then(forget, forget);
    return running;
  }

  /** Gives what a batch says of a plan whose time was up: its call runs on, or it is not begun any more. */
  function unfinished(plan: MessagePlan): MessageResult {
    const { messageId } = plan.item;
    return calling.has(plan)
      ? { messageId, state: 'running' }
      : { messageId, state: 'again', why: 'withdrawn' };
  }

  async function attempt(plan: MessagePlan, signal: AbortSignal): Promise<MessageResult> {
    const { messageId } = plan.item;
    const endTurn = await turns.of(plan.item.appId).take();
    try {
      if (signal.aborted) return { messageId, state: 'again', why: 'withdrawn' };
      return await run(plan, { signal, onCall: endTurn });
    } catch (error) {
      deps.onFault(messageId, error);
      return { messageId, state: 'faulted', code: faultCode(error) };
    } finally {
      endTurn();
    }
  }

  return {
    async one(plan) {
      if (stopping.signal.aborted) throw new Stopping('no new hand-overs');
      const result = await run(plan, { signal: stopping.signal });
      if (result.state === 'again' && result.why === 'withdrawn') throw new Stopping('no new hand-overs');
      return result;
    },

    async batch(plans) {
      if (stopping.signal.aborted) throw new Stopping('no new hand-overs');
      const late = new AbortController();
      const signal = AbortSignal.any([late.signal, stopping.signal]);
      const results = new Map<MessagePlan, MessageResult>();
      const progress = createProgress();
      const all = Promise.all(
        plans.map(async (plan) => {
          results.set(plan, await attempt(plan, signal));
          progress.step();
        }),
      );
      await progress.wait(all, deps.batch.begins, stopping.signal);
      late.abort();
      await progress.wait(all, deps.batch.lastOnes);
      const answers = plans.map((plan) => results.get(plan) ?? unfinished(plan));
      const withdrawn = answers.some((answer) => answer.state === 'again' && answer.why === 'withdrawn');
      // It is cheaper that another worker takes the whole batch again than that each item gets a workflow.
      if (stopping.signal.aborted && withdrawn) throw new Stopping('no new hand-overs');
      return answers;
    },

    async stopNew() {
      stopping.abort();
      await Promise.allSettled(calling.values());
    },
  };
}

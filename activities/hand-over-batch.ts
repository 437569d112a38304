import { setTimeout as pause } from 'node:timers/promises';
import { faultCode } from './fault-code.js';
import { handOver, type HandOverDeps } from './hand-over.js';
import type { MessagePlan, MessageResult } from './hand-over-types.js';

/** A batch is answered after this; slower calls go on and are recorded, their own workflow waits for that. */
const BATCH_MS = 1_000;

/** One process's hand-overs. */
export interface HandOvers {
  /** One plan, to its outcome. Throws our own faults, and `Stopping` after `stopNew`. */
  one(plan: MessagePlan): Promise<MessageResult>;
  /** Many plans at once, in their order; nothing is thrown for a single item. */
  batch(plans: readonly MessagePlan[]): Promise<readonly MessageResult[]>;
  /** No new intents from now on; resolves when all calls that run have been recorded. */
  stopNew(): Promise<void>;
}

/** This process is going down: another one will do it. */
export class Stopping extends Error {
  override readonly name = 'Stopping';
}

export interface HandOversDeps extends HandOverDeps {
  /** Told of every fault that does not reach Temporal as one. Gets ids and codes only. */
  readonly onFault: (messageId: string, error: unknown) => void;
  readonly batchMs?: number;
}

/** Makes the hand-overs of this process. */
export function createHandOvers(deps: HandOversDeps): HandOvers {
  const stopping = new AbortController();
  const calling = new Map<MessagePlan, Promise<unknown>>();

  /** Runs a plan and remembers it while its call runs, so that a shutdown can wait for its outcome. */
  function run(plan: MessagePlan, signal: AbortSignal): Promise<MessageResult> {
    const running: Promise<MessageResult> = handOver(deps, plan, {
      signal,
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

  /** What a batch says of a plan whose time was up: its call runs on, or it is not begun any more. */
  function unfinished(plan: MessagePlan): MessageResult {
    const { messageId } = plan.item;
    return calling.has(plan)
      ? { messageId, state: 'running' }
      : { messageId, state: 'again', why: 'withdrawn' };
  }

  async function attempt(plan: MessagePlan, signal: AbortSignal): Promise<MessageResult> {
    const { messageId } = plan.item;
    try {
      return await run(plan, signal);
    } catch (error) {
      deps.onFault(messageId, error);
      return { messageId, state: 'faulted', code: faultCode(error) };
    }
  }

  return {
    async one(plan) {
      if (stopping.signal.aborted) throw new Stopping('no new hand-overs');
      const result = await run(plan, stopping.signal);
      if (result.state === 'again' && result.why === 'withdrawn') throw new Stopping('no new hand-overs');
      return result;
    },

    async batch(plans) {
      if (stopping.signal.aborted) throw new Stopping('no new hand-overs');
      const late = new AbortController();
      const signal = AbortSignal.any([late.signal, stopping.signal]);
      const results = new Map<MessagePlan, MessageResult>();
      const timer = new AbortController();
      const work = plans.map(async (plan) => results.set(plan, await attempt(plan, signal)));
      await Promise.race([
        Promise.all(work),
        pause(deps.batchMs ?? BATCH_MS, undefined, { signal: timer.signal }).catch(() => undefined),
      ]);
      timer.abort();
      late.abort();
      const answers = plans.map((plan) => results.get(plan) ?? unfinished(plan));
      const withdrawn = answers.some((answer) => answer.state === 'again' && answer.why === 'withdrawn');
      // Rather one batch again, by another worker, than a workflow for each of its items.
      if (stopping.signal.aborted && withdrawn) throw new Stopping('no new hand-overs');
      return answers;
    },

    async stopNew() {
      stopping.abort();
      await Promise.allSettled(calling.values());
    },
  };
}

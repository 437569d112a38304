import { resolve } from 'node:path';
import { startAskedChild } from '../instance/asked-child.js';

/** What a receiver is asked: to answer so from now on, or nothing but what it saw. */
export interface HooksAsk {
  readonly answer?: number | 'nothing' | undefined;
}
export interface HooksTold {
  readonly url: string;
  readonly requests: number;
  /** Different callbacks that were answered 200. */
  readonly delivered: number;
  /** Requests for one that had been answered 200. */
  readonly twice: number;
  /** Opt-outs that were answered 200: whose, and when they arrived (ms since the epoch). */
  readonly optOuts: readonly (readonly [string, number])[];
}

/** A receiver for very many callbacks, in a process of its own. */
export interface Hooks {
  readonly url: string;
  answer(how: number | 'nothing'): Promise<void>;
  told(): Promise<HooksTold>;
  stop(): Promise<void>;
}

export async function startHooks(): Promise<Hooks> {
  const child = startAskedChild<HooksAsk>(resolve(import.meta.dirname, 'hooks-main.ts'));
  const ask = async (question: HooksAsk): Promise<HooksTold> => (await child.ask(question)) as HooksTold;
  const { url } = await ask({});
  return {
    url,
    answer: async (how) => {
      await ask({ answer: how });
    },
    told: () => ask({}),
    stop: () => child.end(),
  };
}

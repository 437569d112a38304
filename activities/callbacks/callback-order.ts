import type { Clock } from '../../domain/clock.js';
import type { OwedCallback } from '../../domain/owed.js';
import type { Ledger } from '../../ledger/ledger.js';
import { readCallbackProgress } from './callback-progress.js';
import type { CallbackRunner } from './callback-runner.js';
import type { CallbackTimes } from '../times.js';

const MOST_REMEMBERED = 20_000;

/** Sees to it that OPT_IN and OPT_OUT of one contact reach an endpoint in their order. */
export interface CallbackOrder {
  /** Notes that a callback has ended, which saves the reading. */
  ended(callbackId: string): void;
  /**
   * Waits for the callback that goes first while that one is under way here.
   * @returns null when the item may go, else when to look again (RFC 3339)
   * @throws what the ledger throws
   */
  blockedUntil(item: OwedCallback, runner: Pick<CallbackRunner, 'underWay'>): Promise<string | null>;
}

export function createCallbackOrder(deps: {
  readonly ledger: Pick<Ledger, 'readStream'>;
  readonly clock: Clock;
  readonly times: Pick<CallbackTimes, 'longestHoldMs' | 'holdAgainMs'>;
}): CallbackOrder {
  const { ledger, clock } = deps;
  const { longestHoldMs, holdAgainMs } = deps.times;
  const ended = new Set<string>();
  return {
    ended(callbackId) {
      if (ended.size >= MOST_REMEMBERED) ended.clear();
      ended.add(callbackId);
    },
    async blockedUntil({ after }, runner) {
      if (after === null || ended.has(after.callbackId)) return null;
      const releasedMs = Date.parse(after.at) + longestHoldMs;
      if (clock.now() >= releasedMs) return null;
      await runner.underWay(after.callbackId)?.result.catch(() => undefined);
      if (ended.has(after.callbackId)) return null;
      const progress = await readCallbackProgress(ledger, after.callbackId);
      if (progress.ended !== null) return null;
      const nowMs = clock.now();
      const nextMs = progress.nextAttemptAt === null ? nowMs : Date.parse(progress.nextAttemptAt);
      const againMs = Math.max(nowMs, nextMs) + holdAgainMs;
      return new Date(Math.min(againMs, Math.max(releasedMs, nowMs + holdAgainMs))).toISOString();
    },
  };
}

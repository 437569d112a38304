import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../domain/clock.js';
import type { OwedCallback } from '../../domain/owed.js';
import type { Ledger } from '../../ledger/ledger.js';
import { contentAt, readContents } from './callback-contents.js';
import type { CallbackOrder } from './callback-order.js';
import { readCallbackProgress, resultOfProgress } from './callback-progress.js';
import type { CallbackRunner, ItemReads } from './callback-runner.js';
import type { AppTargets } from './callback-targets.js';
import { CallbackFault, type CallbackResult } from './callback-types.js';
import type { EndpointGate } from './endpoint-limits.js';
import type { BatchTimes, CallbackTimes } from '../times.js';

/** What posting rests on, alone or in a batch; a process has one of each. */
export interface PostingParts {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly runner: CallbackRunner;
  readonly order: CallbackOrder;
  readonly limits: { of(endpointId: string): EndpointGate };
  readonly readTargets: (appId: string) => Promise<AppTargets>;
  readonly times: CallbackTimes;
  readonly batch: BatchTimes;
}

/**
 * Posts one callback, after a look at its progress; joins a request that is under way in this process.
 * @param runningUntil see `CallbackPoster.postCallback`
 * @throws CallbackFault; what the ledger throws
 */
export async function postCallback(
  deps: PostingParts,
  item: OwedCallback,
  runningUntil: string | undefined,
): Promise<CallbackResult> {
  const { clock, runner, ledger, times } = deps;
  const { callbackId } = item;
  const underWay = runner.underWay(callbackId);
  if (underWay !== undefined) return underWay.result;
  if (runner.stopping) throw new CallbackFault('stopping');
  const progress = await readCallbackProgress(ledger, callbackId);
  const { attempts } = progress;
  const known = resultOfProgress(callbackId, progress, clock.now());
  if (known !== null && !(await isNear(deps, known))) return known;
  if (attempts === 0 && runningUntil !== undefined && clock.now() < Date.parse(runningUntil)) {
    return { callbackId, state: 'running', attempts, until: runningUntil };
  }
  const until = await deps.order.blockedUntil(item, runner);
  if (until !== null) return { callbackId, state: 'behind', attempts, until };

  const gate = deps.limits.of(item.endpointId);
  const lastMs = clock.now() + times.placeMs;
  const given = gate.tryTake() || (await takePatiently(gate, clock, times.placeMs));
  if (!given) {
    const again = new Date(lastMs + times.placeAgainMs).toISOString();
    return { callbackId, state: 'behind', attempts, until: again };
  }
  return runner.post({ item, gate, reads: ownReads(deps) }, () => false);
}

/** Waits for the next attempt where it is almost due; false where it is not. */
async function isNear({ clock, times }: PostingParts, known: CallbackResult): Promise<boolean> {
  if (known.state !== 'waiting') return false;
  const waitMs = Date.parse(known.nextAttemptAt) - clock.now();
  if (waitMs > times.nearMs) return false;
  // A timer may be a little early by the clock's count.
  await pause(Math.max(0, waitMs) + 2);
  return true;
}

async function takePatiently(gate: EndpointGate, clock: Clock, patienceMs: number): Promise<boolean> {
  const patience = { over: false };
  const { promise: over, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => {
    resolve(false);
  }, patienceMs);
  const taken = gate.take(() => patience.over);
  const given = await Promise.race([taken, over]);
  clearTimeout(timer);
  patience.over = true;
  if (!given) {
    // A place that was given in the very turn in which the patience ended goes back.
    void taken.then((late) => {
      if (late) gate.end(null, clock.now());
    });
  }
  return given;
}

function ownReads({ ledger, readTargets }: PostingParts): ItemReads {
  return {
    progress: (item) => readCallbackProgress(ledger, item.callbackId),
    targets: ({ appId }) => readTargets(appId),
    content: async ({ stream, revision }) =>
      contentAt(await readContents(ledger, stream, [revision]), revision),
  };
}

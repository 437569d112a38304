import type { OwedCallback } from '../../domain/owed.js';
import { attemptCallback, type AttemptDeps, type CallbackJob } from './callback-attempt.js';
import type { CallbackContent } from './callback-contents.js';
import { parkedEvent } from './callback-outcome.js';
import { recordCallbackOutcome, resultOfProgress, type CallbackProgress } from './callback-progress.js';
import type { AppTargets } from './callback-targets.js';
import { CallbackFault, type CallbackResult } from './callback-types.js';
import type { EndpointGate } from './endpoint-limits.js';
import type { CallbackTimes } from '../times.js';

/** Reads what one item needs; a batch shares its readings. */
export interface ItemReads {
  progress(item: OwedCallback): Promise<CallbackProgress>;
  targets(item: OwedCallback): Promise<AppTargets>;
  content(item: OwedCallback): Promise<CallbackContent>;
}

/** A callback whose turn it is: it holds a place at the gate of its endpoint. */
export interface CallbackTurn {
  readonly item: OwedCallback;
  readonly gate: EndpointGate;
  readonly reads: ItemReads;
}

interface Running {
  readonly result: Promise<CallbackResult>;
  /** RFC 3339, when it will have been recorded at the latest. */
  readonly until: string;
}

/** Posts callbacks whose turn it is, and knows the requests that are under way in this process, one per callback. */
export interface CallbackRunner {
  /**
   * Posts a callback if the ledger still wants it, or joins the request that is under way for it; gives the place at
   * the gate back.
   * @param withdrawn asked last: true means that nobody is waiting for this any longer, so nothing is begun
   * @throws CallbackFault, `stopping` among them; what the ledger throws
   */
  post(turn: CallbackTurn, withdrawn: () => boolean): Promise<CallbackResult>;
  /** The request under way for this callback. */
  underWay(callbackId: string): Running | undefined;
  readonly stopping: boolean;
  /** Starts nothing more; resolves when nothing is under way. */
  stop(): Promise<void>;
}

/** Makes the runner of this process. @param onEnded told of every callback that a request of this process ended */
export function createCallbackRunner(
  deps: AttemptDeps & { readonly times: Pick<CallbackTimes, 'recordingMs'> },
  onEnded: (callbackId: string) => void,
): CallbackRunner {
  const { clock } = deps;
  const running = new Map<string, Running>();
  let stopping = false;

  async function post(
    { item, gate, reads }: CallbackTurn,
    withdrawn: () => boolean,
  ): Promise<CallbackResult> {
    const { callbackId } = item;
    let holding = true;
    try {
      const progress = await reads.progress(item);
      const known = resultOfProgress(callbackId, progress, clock.now());
      if (known !== null) return known;
      const targets = await reads.targets(item);
      const content = await reads.content(item);
      if (withdrawn()) {
        const state = gate.timedOut() || stopping ? 'skipped' : 'late';
        return { callbackId, state, attempts: progress.attempts };
      }
      const target = targets.find(item.endpointId, content.callbackUrl);
      if (target.kind === 'park') {
        const nowMs = clock.now();
        return await recordCallbackOutcome(deps, item, progress, (last) =>
          parkedEvent(item, content, target.reason, { progress: last, nowMs }),
        );
      }
      holding = false;
      return await start({ item, content, target, progress }, gate);
    } finally {
      if (holding) gate.end(null, clock.now());
    }
  }

  /** Starts a request, or joins the one that is under way. Takes over the place at the gate. */
  function start(job: CallbackJob, gate: EndpointGate): Promise<CallbackResult> {
    const startedMs = clock.now();
    const known = running.get(job.item.callbackId);
    if (known !== undefined || stopping) {
      gate.end(null, startedMs);
      return known?.result ?? Promise.reject(new CallbackFault('stopping'));
    }
    const result = run(job, gate, startedMs);
    // Whoever started it may be gone by the time that it fails.
    result.catch(() => undefined);
    const untilMs = startedMs + job.target.delivery.timeoutS * 1000 + deps.times.recordingMs;
    running.set(job.item.callbackId, { result, until: new Date(untilMs).toISOString() });
    return result;
  }

  async function run(job: CallbackJob, gate: EndpointGate, startedMs: number): Promise<CallbackResult> {
    const { callbackId } = job.item;
    let end: Parameters<EndpointGate['end']>[0] = null;
    try {
      const made = await attemptCallback(deps, job);
      end = made.end;
      if (made.result.state === 'delivered' || made.result.state === 'parked') onEnded(callbackId);
      return made.result;
    } finally {
      gate.end(end, startedMs);
      running.delete(callbackId);
    }
  }

  return {
    post,
    underWay: (callbackId) => running.get(callbackId),
    get stopping() {
      return stopping;
    },
    async stop() {
      stopping = true;
      await Promise.allSettled([...running.values()].map(({ result }) => result));
    },
  };
}

import { attemptCallback, type AttemptDeps, type CallbackJob } from './callback-attempt.js';
import { CallbackFault, type CallbackResult } from './callback-types.js';
import type { EndpointGate } from './endpoint-limits.js';

/** After its deadline a request still has to be recorded. */
const RECORDING_MS = 5_000;

/** The requests that are under way in this process, one per callback. */
export interface CallbackRunner {
  /**
   * Starts a request, or joins the one that is under way. Takes over the place at the gate.
   * @throws CallbackFault `stopping`; our own faults
   */
  start(job: CallbackJob, gate: EndpointGate): Promise<CallbackResult>;
  /** The request under way for this callback; `until` is RFC 3339, when it will have been recorded at the latest. */
  underWay(
    callbackId: string,
  ): { readonly result: Promise<CallbackResult>; readonly until: string } | undefined;
  readonly stopping: boolean;
  /** Starts nothing more; resolves when nothing is under way. */
  stop(): Promise<void>;
}

export function createCallbackRunner(
  deps: AttemptDeps,
  onEnded: (callbackId: string) => void,
): CallbackRunner {
  const running = new Map<string, { readonly result: Promise<CallbackResult>; readonly until: string }>();
  let stopping = false;

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
    start(job, gate) {
      const startedMs = deps.clock.now();
      const known = running.get(job.item.callbackId);
      if (known !== undefined || stopping) {
        gate.end(null, startedMs);
        return known?.result ?? Promise.reject(new CallbackFault('stopping'));
      }
      const result = run(job, gate, startedMs);
      // Whoever started it may be gone by the time that it fails.
      result.catch(() => undefined);
      const untilMs = startedMs + job.target.delivery.timeoutS * 1000 + RECORDING_MS;
      running.set(job.item.callbackId, { result, until: new Date(untilMs).toISOString() });
      return result;
    },
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

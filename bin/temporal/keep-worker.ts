import { setTimeout as pause } from 'node:timers/promises';
import type { Worker } from '@temporalio/worker';
import type { Pauses } from './times.js';

export interface KeptWorker {
  /** True while it polls. */
  running(): boolean;
  /** Takes no more work and resolves when what is under way has ended. */
  stop(): Promise<void>;
}

/**
 * Runs a worker and makes it again when it breaks: one that cannot poll gives up after about a minute, and a dead one
 * must not go unnoticed, nor stay dead.
 * @throws when the first one cannot be made
 */
export async function keepWorker(
  create: () => Promise<Worker>,
  { firstPauseMs, longestPauseMs }: Pauses,
  onBroken: (error: unknown) => void,
): Promise<KeptWorker> {
  const stopping = new AbortController();
  let worker: Worker | undefined = await create();

  async function keep(): Promise<void> {
    for (let backOff = firstPauseMs; !stopping.signal.aborted;) {
      try {
        worker ??= await create();
        // Asked to stop while it was made: it has to run to let go of the connection.
        await (stopping.signal.aborted ? worker.runUntil(Promise.resolve()) : worker.run());
        return;
      } catch (error) {
        onBroken(error);
        worker = undefined;
        await pause(backOff, undefined, { signal: stopping.signal }).catch(() => undefined);
        backOff = Math.min(backOff * 2, longestPauseMs);
      }
    }
  }

  const run = keep();
  return {
    running: () => worker?.getState() === 'RUNNING',
    async stop() {
      stopping.abort();
      if (worker?.getState() === 'RUNNING') worker.shutdown();
      await run;
    },
  };
}

import { setTimeout as delay } from 'node:timers/promises';

/** How long each step of the way down may take, in the order in which they come. */
export interface ShutdownTimes {
  readonly intakeMs: number;
  readonly reactorMs: number;
  /** Hand-overs that are under way get all of it. */
  readonly workerMs: number;
  /** Within the worker's step: then callbacks that are under way are aborted, which is safe to repeat. */
  readonly callbacksMs: number;
  readonly clientsMs: number;
  readonly temporalMs: number;
  readonly storeMs: number;
}

/** One step of the way down; a step that overstays its limit is left behind, the next one begins. */
export interface Phase {
  readonly name: string;
  readonly limitMs: number;
  run(): Promise<unknown>;
}

/** How a phase ended, for the log. */
export interface PhaseReport {
  readonly name: string;
  readonly outcome: 'done' | 'timed-out' | 'failed';
  readonly ms: number;
}

/** Runs the phases one after another; never throws. */
export async function runPhases(
  phases: readonly Phase[],
  now: () => number,
  report: (ended: PhaseReport) => void,
): Promise<void> {
  for (const phase of phases) {
    const started = now();
    const outcome = await within(phase);
    report({ name: phase.name, outcome, ms: now() - started });
  }
}

async function within(phase: Phase): Promise<PhaseReport['outcome']> {
  const timer = new AbortController();
  try {
    return await Promise.race([
      phase.run().then(() => 'done' as const),
      delay(phase.limitMs, 'timed-out' as const, { signal: timer.signal }),
    ]);
  } catch {
    return 'failed';
  } finally {
    timer.abort();
  }
}

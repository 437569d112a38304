import type { BatchTimes, CallbackTimes } from '../../activities/times.js';
import type { ReactorTimes } from '../../reactor/times.js';
import type { Pauses, TemporalTimes } from '../temporal/times.js';
import type { ShutdownTimes } from './shutdown.js';

/**
 * Times that are decisions, not facts: how long what is waited for, and how often what is looked at. Everything that
 * keeps one gets it as an argument from here. No setting leads to them; a test starts an instance with shorter ones.
 */
export interface Policy {
  readonly reactor: ReactorTimes;
  /** Of the batches of both lanes. */
  readonly batch: BatchTimes;
  readonly callbacks: CallbackTimes;
  /** Between the tries to start the engine, where Temporal cannot be had. */
  readonly keeper: Pauses;
  readonly temporal: TemporalTimes;
  readonly shutdown: ShutdownTimes;
}

/** What the product keeps. */
export const POLICY: Policy = {
  reactor: {
    lane: {
      lookMs: 1_000,
      firstBackOffMs: 250,
      unavailableBackOffMs: 5_000,
      faultBackOffMs: 30_000,
      // What batches cost and save at these waits is measured in docs/adr/015.
      paceStepMs: 250,
      longestPaceMs: 2_000,
    },
    // An attempt ends within a minute, whatever the receiver does: who is two minutes late has lost its workflow.
    sweep: { everyMs: 30_000, againMs: 5_000, overdueMs: 120_000 },
  },
  // A batch ends within the 30 s that its activity is given.
  batch: {
    begins: { quietMs: 1_000, longestMs: 10_000 },
    lastOnes: { quietMs: 1_000, longestMs: 5_000 },
  },
  callbacks: {
    nearMs: 2_000,
    // Place, request (30 s at most) and recording are together shorter than the 50 s of the activity.
    placeMs: 5_000,
    placeAgainMs: 2_000,
    recordingMs: 5_000,
    // Promised to receivers in docs/receivers.md: order is kept for five minutes, then arrival counts more.
    longestHoldMs: 300_000,
    holdAgainMs: 1_000,
    recoveryStepMs: 10_000,
    timedOutForMs: 60_000,
  },
  keeper: { firstPauseMs: 2_000, longestPauseMs: 30_000 },
  temporal: {
    connectMs: 10_000,
    watchEveryMs: 2_000,
    serverStopMs: 5_000,
    server: { firstPauseMs: 500, longestPauseMs: 30_000 },
    worker: { firstPauseMs: 1_000, longestPauseMs: 30_000 },
    // The leadership's activity is given up after 6 s without a beat.
    leader: { beatMs: 1_000, askEveryMs: 5_000 },
  },
  // Each step is left behind at its limit; the whole is cut off after 10 s, see `run-role.ts`.
  shutdown: {
    intakeMs: 1_000,
    reactorMs: 1_000,
    workerMs: 7_500,
    callbacksMs: 3_000,
    clientsMs: 1_000,
    temporalMs: 2_500,
    storeMs: 1_000,
  },
};

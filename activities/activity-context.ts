import { activityInfo, ApplicationFailure, heartbeat } from '@temporalio/activity';
import { ApplicationFailureCategory } from '@temporalio/common';

/** This is shorter than the heartbeat time-out of every activity, so that a killed worker is noticed soon. */
const BEAT_MS = 3_000;

/** Runs the work and shows meanwhile that this process lives; the heartbeats carry no state. */
export async function beating<T>(work: () => Promise<T>): Promise<T> {
  const beat = setInterval(() => {
    heartbeat();
  }, BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
  }
}

/** Gives the number of this try of the activity, from 1. */
export function attemptNumber(): number {
  return activityInfo().attempt;
}

/** Makes a failure that Temporal may keep: it holds the code and nothing else. The activity is tried again. */
export function failWith(code: string): ApplicationFailure {
  return ApplicationFailure.create({ message: code, type: code });
}

/** Makes the failure of a process that goes down; another one, or the next, takes over, which is no reason for an alarm. */
export function workerStopping(): ApplicationFailure {
  return ApplicationFailure.create({
    message: 'stopping',
    type: 'stopping',
    nextRetryDelay: '1s',
    category: ApplicationFailureCategory.BENIGN,
  });
}

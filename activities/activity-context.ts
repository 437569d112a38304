import { activityInfo, ApplicationFailure, heartbeat } from '@temporalio/activity';
import { ApplicationFailureCategory } from '@temporalio/common';

/** Shorter than the heartbeat time-out of every activity; a killed worker is noticed soon. */
const BEAT_MS = 3_000;

/** Runs the work and shows meanwhile that this process lives; nothing is remembered by it. */
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

/** 1 for the first try of this activity. */
export function attemptNumber(): number {
  return activityInfo().attempt;
}

/** A fault as Temporal may keep it: the code and nothing else. It is tried again. */
export function failWith(code: string): ApplicationFailure {
  return ApplicationFailure.create({ message: code, type: code });
}

/** This process goes down; another one, or the next, takes over. No alarm for that. */
export function workerStopping(): ApplicationFailure {
  return ApplicationFailure.create({
    message: 'stopping',
    type: 'stopping',
    nextRetryDelay: '1s',
    category: ApplicationFailureCategory.BENIGN,
  });
}

import type { LaneTimes } from './times.js';

/** One batch has so many items at most. */
export const BATCH_ITEMS = 200;
/** The next batch of a lane waits where so many of its batches run. */
const AT_ONCE = 2;
/** Where more than these run at the same time, batches end more slowly than they begin. */
const MANY = 4;

/**
 * Gives the milliseconds from the beginning of one batch to the next. While few batches run, the next one begins at once;
 * a slow one does not hold the lane. The more batches run, the longer the wait, so that they get fewer and larger: on a
 * machine that does not keep up, many small ones would cost it what it lacks. After a full batch the wait is short, since
 * the next one cannot get any larger.
 * @param times how long a step is, and the longest wait
 * @param running batches of the lane that have begun and not ended
 * @param full whether the last one held as many items as one can
 */
export function waitAfterBatch(
  { paceStepMs, longestPaceMs }: Pick<LaneTimes, 'paceStepMs' | 'longestPaceMs'>,
  running: number,
  full: boolean,
): number {
  if (running < AT_ONCE) return 0;
  return full ? paceStepMs : Math.min(paceStepMs * Math.max(running - MANY + 1, 1), longestPaceMs);
}

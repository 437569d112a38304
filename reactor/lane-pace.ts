import type { LaneTimes } from './times.js';

/** While fewer batches of a lane run, the next one begins with whatever has come. */
const AT_ONCE = 2;
/** Where more than these run at the same time, batches end more slowly than they begin. */
const MANY = 4;

/**
 * Gives the milliseconds from the beginning of one batch to that of the next where that one is not full. While few batches
 * run, the next one begins at once; a slow one does not hold the lane. The more batches run, the longer the wait, so that
 * they get fewer and larger: on a machine that does not keep up, many small ones would cost it what it lacks.
 * @param times how long a step is, and the longest wait
 * @param running batches of the lane that have begun and not ended
 */
export function waitAfterBatch(
  { paceStepMs, longestPaceMs }: Pick<LaneTimes, 'paceStepMs' | 'longestPaceMs'>,
  running: number,
): number {
  return running < AT_ONCE ? 0 : Math.min(paceStepMs * Math.max(running - MANY + 1, 1), longestPaceMs);
}

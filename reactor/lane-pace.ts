/** Items of one batch at most. */
export const BATCH_ITEMS = 200;
/** Batches of one lane at the same time before the next one waits. */
const AT_ONCE = 2;
/** More than these at the same time are a sign that batches end more slowly than they begin. */
const MANY = 4;
const STEP_MS = 250;
const LONGEST_WAIT_MS = 2_000;

/**
 * Milliseconds from the beginning of one batch to the next. While few run it begins at once; a slow one does not hold
 * the lane. The more run, the longer the wait, so that batches get fewer and larger: on a machine that does not keep up,
 * many small ones would cost it what it lacks. A full one cannot get any larger.
 * @param running batches of the lane that have begun and not ended
 * @param full whether the last one held as many items as one can
 */
export function waitAfterBatch(running: number, full: boolean): number {
  if (running < AT_ONCE) return 0;
  return full ? STEP_MS : Math.min(STEP_MS * Math.max(running - MANY + 1, 1), LONGEST_WAIT_MS);
}

/** Items of one batch at most. */
export const BATCH_ITEMS = 200;
/** A lane's batches are so large that about so many are under way at its limit: one ends while others go on. */
const BATCHES = 4;
const FIRST_ITEMS = 800;
const FEWEST_ITEMS = 100;
const MOST_ITEMS = 1_600;
const STEP_ITEMS = 40;
/**
 * A batch begins items for ten seconds, as long as some end. One that ends within the first time bears more; after the
 * second it was cut short. In between lies what hardly depends on the size: the hops of a busy machine.
 */
const IN_TIME_MS = 7_000;
const CUT_SHORT_MS = 12_000;
/** One item in so many may be given back. */
const BACK_ONE_IN = 10;
const CUT = 0.7;
/** Batches that ran at the same time tell the same thing. */
const CUT_EVERY_MS = 1_000;

/** How one batch went. */
export interface BatchRun {
  readonly items: number;
  /** Of these so many were given back: they could not begin while it lasted. */
  readonly untried: number;
  readonly ms: number;
}

/** How many items of a lane may be under way: as many as end. Grows by a step, shrinks by a part. */
export interface LaneLimit {
  items(): number;
  batchItems(): number;
  /** @param full whether the lane was at its limit meanwhile */
  ended(run: BatchRun, full: boolean, now: number): void;
}

export function createLaneLimit(): LaneLimit {
  let limit = FIRST_ITEMS;
  let lastCut = Number.NEGATIVE_INFINITY;
  return {
    items: () => limit,
    batchItems: () => Math.min(BATCH_ITEMS, Math.ceil(limit / BATCHES)),
    ended({ items, untried, ms }, full, now) {
      if (untried * BACK_ONE_IN > items || ms > CUT_SHORT_MS) {
        if (now - lastCut < CUT_EVERY_MS) return;
        lastCut = now;
        limit = Math.max(FEWEST_ITEMS, Math.floor(limit * CUT));
      } else if (full && untried === 0 && ms < IN_TIME_MS) {
        limit = Math.min(MOST_ITEMS, limit + STEP_ITEMS);
      }
    },
  };
}

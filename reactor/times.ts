/** How long one lane waits between its looks and its batches, and after failures. */
export interface LaneTimes {
  /** The lane looks by itself after so long, should a wake-up ever be missed. */
  readonly lookMs: number;
  /** The wait after the first failure; it doubles with each further one in a row. */
  readonly firstBackOffMs: number;
  /** The longest wait while nothing answers. */
  readonly unavailableBackOffMs: number;
  /** The longest wait after any other failure, which more tries mend less often. */
  readonly faultBackOffMs: number;
  /** The step by which the wait between two batches grows, see `waitAfterBatch`. */
  readonly paceStepMs: number;
  /** The longest wait between two batches. */
  readonly longestPaceMs: number;
}

/** When the sweep comes, and what it takes for lost. */
export interface SweepTimes {
  /** From the beginning of one sweep to the beginning of the next. */
  readonly everyMs: number;
  /** The wait after a sweep to which nothing answered. */
  readonly againMs: number;
  /** What is overdue for so long has lost its workflow, or that one needs help. */
  readonly overdueMs: number;
}

/** The times that the reactor keeps; `bin/wiring/policy.ts` has the product's. */
export interface ReactorTimes {
  readonly lane: LaneTimes;
  readonly sweep: SweepTimes;
}

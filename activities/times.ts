import type { Patience } from './batch-progress.js';

/** How long a batch waits for its items. */
export interface BatchTimes {
  /** While it begins items. Where nothing ends for that long, somebody else is slow: what is left comes again. */
  readonly begins: Patience;
  /** Then, for those under way: on a busy machine most still end in the batch, and save a workflow each. */
  readonly lastOnes: Patience;
}

/** The times by which callbacks are posted. */
export interface CallbackTimes {
  /** A next attempt that is so near is waited for in the activity: the timers of two machines differ a little. */
  readonly nearMs: number;
  /** How long a single item waits for a place at its endpoint. */
  readonly placeMs: number;
  /** When it looks again after that. */
  readonly placeAgainMs: number;
  /** So long a callback of the same contact may hold up the next one, counted from its event. */
  readonly longestHoldMs: number;
  /** When to look again at one that goes first and has not been tried yet, and at the earliest. */
  readonly holdAgainMs: number;
  /** After its deadline a request still has to be recorded. */
  readonly recordingMs: number;
  /** An endpoint that answered 429 gets a tenth of its places back after so long without another one. */
  readonly recoveryStepMs: number;
  /** So long batches leave an endpoint alone that let a request time out. */
  readonly timedOutForMs: number;
}

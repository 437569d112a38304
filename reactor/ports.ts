import type { Lane, OwedItem } from '../domain/owed.js';
import type { Owed } from '../projections/owed/owed-reads.js';

/** The view in which the reactor finds what is owed. */
export type OwedReader = Pick<Owed, 'nextParty' | 'waiting' | 'progress' | 'due'>;

/** How a batch ended. */
export interface BatchEnd {
  /**
   * Ids of the items that no try was begun for. The others have ended, or go on by themselves. Null where nobody knows:
   * the batch was broken off.
   */
  readonly untried: readonly string[] | null;
}

/**
 * Starts durable work; the reactor does not know what does it. "Started already" is a success for both.
 * @throws StartUnavailable when it may work later; anything else is a fault that a person has to look at
 */
export interface WorkStarter {
  /** `done` resolves when the batch no longer runs, however it ended; it never rejects. */
  startBatch(
    lane: Lane,
    batchId: string,
    items: readonly OwedItem[],
  ): Promise<{ readonly done: Promise<BatchEnd> }>;
  startItem(item: OwedItem): Promise<void>;
}

/** Calls back once after `ms`; returns a function that calls it off. */
export type SetTimer = (ms: number, callback: () => void) => () => void;

import type { Lane } from '../domain/owed.js';
import type { LaneItems, Owed } from '../projections/owed/owed-reads.js';

/** The view in which the reactor finds what is owed. */
export type OwedReader = Pick<Owed, 'after' | 'overdue'>;

/**
 * Starts durable work; the reactor does not know what does it. "Started already" is a success for both.
 * @throws StartUnavailable when it may work later; anything else is a fault that a person has to look at
 */
export interface WorkStarter {
  /** `done` resolves when the batch no longer runs, however it ended; it never rejects. */
  startBatch<L extends Lane>(
    lane: L,
    batchId: string,
    items: readonly LaneItems[L][],
  ): Promise<{ readonly done: Promise<void> }>;
  startItem<L extends Lane>(lane: L, item: LaneItems[L]): Promise<void>;
}

/** Calls back once after `ms`; returns a function that calls it off. */
export type SetTimer = (ms: number, callback: () => void) => () => void;

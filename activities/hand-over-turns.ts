import { createSlotPool, type SlotPool } from '../channels/slot-pool.js';

const TURNS = 16;

/**
 * Turns of messages between their reading and their call: sixteen per app, of all batches of this process. All at once
 * they would be ready at once, late, and read in vain where the batch's patience ends before. Per app, because a turn
 * also waits for a place at the app's channel, which may be slow.
 */
export interface Turns {
  /** Waits for a turn; the function ends it, once, however often it is called. */
  take(appId: string): Promise<() => void>;
}

export function createTurns(): Turns {
  const pools = new Map<string, SlotPool>();
  return {
    take(appId) {
      const pool = pools.get(appId) ?? createSlotPool(TURNS);
      pools.set(appId, pool);
      return pool.take();
    },
  };
}

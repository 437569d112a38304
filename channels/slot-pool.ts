/** Bounds how many calls run at once, first come first served. */
export interface SlotPool {
  /** Waits for a slot; the function gives it back, once, however often it is called. */
  take(): Promise<() => void>;
}

export function createSlotPool(limit: number): SlotPool {
  let free = limit;
  const waiting: (() => void)[] = [];

  function slot(): () => void {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    };
  }

  return {
    async take() {
      if (free > 0) free--;
      else await new Promise<void>((granted) => waiting.push(granted));
      return slot();
    },
  };
}

/** One pool for each key, made when it is asked for first. */
export function createSlotPools(limit: number): { of(key: string): SlotPool } {
  const pools = new Map<string, SlotPool>();
  return {
    of(key) {
      const pool = pools.get(key) ?? createSlotPool(limit);
      pools.set(key, pool);
      return pool;
    },
  };
}

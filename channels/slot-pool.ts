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

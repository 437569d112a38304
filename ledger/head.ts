import type { Position } from './ledger.js';

/** How far an in-process ledger is committed, and who wants to know when that moves. */
export interface Head {
  /** Position of the last committed event. */
  position(): Position;
  /** Called in the turn of a commit; wakes the listeners when there is something new. */
  moveTo(position: Position): void;
  /** Wakes the listeners though nothing moved: the ledger ends. */
  wake(): void;
  /** Returns the way to stop listening. */
  onMoved(listener: () => void): () => void;
}

export function createHead(start: Position): Head {
  const listeners = new Set<() => void>();
  let head = start;
  const wake = (): void => {
    // A copy: listeners come and go while they are called.
    for (const listener of [...listeners]) listener();
  };
  return {
    position: () => head,
    moveTo(position) {
      const moved = position > head;
      head = position;
      if (moved) wake();
    },
    wake,
    onMoved(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

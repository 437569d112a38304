import type { Position } from './ledger.js';

/** Knows how far an in-process ledger is committed, and who wants to know when that moves. */
export interface Head {
  /** Position of the last committed event. */
  position(): Position;
  /** Called in the turn of a commit; wakes the listeners when there is something new. */
  moveTo(position: Position): void;
  /** Called when the ledger closes; wakes the listeners, so that nobody waits any more. */
  end(): void;
  ended(): boolean;
  /** Calls back when the head moves or ends; returns the way to stop that. */
  onMoved(listener: () => void): () => void;
}

export function createHead(start: Position): Head {
  const listeners = new Set<() => void>();
  let head = start;
  let ended = false;
  const wake = (): void => {
    // The loop goes over a copy, because listeners come and go while they are called.
    for (const listener of [...listeners]) listener();
  };
  return {
    position: () => head,
    moveTo(position) {
      const moved = position > head;
      head = position;
      if (moved) wake();
    },
    end() {
      ended = true;
      wake();
    },
    ended: () => ended,
    onMoved(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

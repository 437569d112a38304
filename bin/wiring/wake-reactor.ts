import type { Position } from '../../ledger/ledger.js';

interface WakeDeps {
  /** Calls back after each commit; returns the way to stop that. */
  readonly onAppended: (listener: () => void) => () => void;
  readonly headPosition: () => Position;
  /** Resolves when the views have folded up to there; rejects when they stand still. */
  readonly passed: (position: Position) => Promise<void>;
  readonly wake: () => void;
}

/**
 * Wakes the reactor whenever the views have moved past a commit: what is owed is read from the views.
 * @returns the way to stop that
 */
export function wakeReactor({ onAppended, headPosition, passed, wake }: WakeDeps): () => void {
  let waiting = false;
  const follow = async (): Promise<void> => {
    waiting = true;
    try {
      for (let head = headPosition(), seen = -1n; head > seen; head = headPosition()) {
        await passed(head);
        seen = head;
        wake();
      }
    } catch {
      // The views stand still, which health tells; the lanes look by themselves each second.
    } finally {
      waiting = false;
    }
  };
  return onAppended(() => {
    if (!waiting) void follow();
  });
}

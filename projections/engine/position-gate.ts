import type { Position } from '../../ledger/ledger.js';
import { ViewsBehind } from '../errors.js';

interface Waiter {
  readonly position: Position;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Lets whoever wrote an event wait until the views have passed it. */
export interface PositionGate {
  readonly position: Position;
  /** Resolves at once where the position is passed already. @throws ViewsBehind after `timeoutMs` */
  passed(position: Position, timeoutMs: number): Promise<void>;
  advance(position: Position): void;
  /** Nobody needs to wait any longer. */
  stop(cause: unknown): void;
}

export function createPositionGate(start: Position): PositionGate {
  let position = start;
  let stopped: { readonly cause: unknown } | null = null;
  const waiting = new Set<Waiter>();

  return {
    get position() {
      return position;
    },
    advance(to) {
      position = to;
      for (const waiter of waiting) if (waiter.position <= to) waiter.resolve();
    },
    stop(cause) {
      stopped = { cause };
      for (const waiter of waiting) waiter.reject(new ViewsBehind(waiter.position, position, stopped));
    },
    async passed(wanted, timeoutMs) {
      if (wanted <= position) return;
      if (stopped !== null) throw new ViewsBehind(wanted, position, stopped);
      await new Promise<void>((resolve, reject) => {
        const settle = (then: () => void): void => {
          clearTimeout(timer);
          waiting.delete(waiter);
          then();
        };
        const waiter: Waiter = {
          position: wanted,
          resolve: () => {
            settle(resolve);
          },
          reject: (error) => {
            settle(() => {
              reject(error);
            });
          },
        };
        const timer = setTimeout(() => {
          waiter.reject(new ViewsBehind(wanted, position));
        }, timeoutMs);
        waiting.add(waiter);
      });
    },
  };
}

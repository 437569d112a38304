import type { Recorded } from '../ledger.js';
import { appStream } from '../streams.js';

const APPS = appStream('');

/** The last events of apps' streams, which every inbound message and every hand-over reads. */
export interface AppEventCache {
  /** Gives the last event of an app's stream; undefined where `read` finds none. Other streams are always read. */
  last(stream: string, read: () => Recorded | undefined): Recorded | undefined;
  /** To be called for every append to the stream, before anybody can read what it wrote. */
  forget(stream: string): void;
}

/**
 * Makes a cache that is exact, not timed: it belongs inside an adapter that is the only writer, and that reads and writes
 * in synchronous turns. The events that it gives out are frozen, since everybody gets the same object.
 */
export function createAppEventCache(limit = 1_000): AppEventCache {
  const known = new Map<string, Recorded>();
  return {
    last(stream, read) {
      const kept = known.get(stream);
      if (kept !== undefined) return kept;
      const last = read();
      if (last === undefined || !stream.startsWith(APPS)) return last;
      if (known.size >= limit) known.clear();
      known.set(stream, deepFreeze(last));
      return last;
    },
    forget(stream) {
      known.delete(stream);
    },
  };
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}

import type { Position } from '../ledger.js';

/** A repeated event is recognised so far back in its stream. */
export const LOOK_BACK = 256;
const MAX_STREAMS = 5_000;

/** The place of an event in a known stretch of a stream. */
export interface KnownPlace {
  readonly revision: number;
  readonly position: Position;
}

/** The end of a stream as far as it was seen. What stands there never changes, but more may have been added since. */
export interface KnownStretch {
  /** Revision of the last event seen; -1 where the stream is not there. */
  readonly head: number;
  readonly places: ReadonlyMap<string, KnownPlace>;
}

/** Ends of the streams that were written last. */
export interface RecentIds {
  get(stream: string): KnownStretch | undefined;
  /** Adds events that follow the end known so far; the oldest beyond the look-back are forgotten. */
  extend(stream: string, added: readonly (KnownPlace & { readonly id: string })[]): KnownStretch;
  forget(stream: string): void;
}

export function createRecentIds(maxStreams = MAX_STREAMS): RecentIds {
  const ends = new Map<string, { head: number; readonly places: Map<string, KnownPlace> }>();
  return {
    get: (stream) => ends.get(stream),
    extend(stream, added) {
      const end = ends.get(stream) ?? { head: -1, places: new Map<string, KnownPlace>() };
      for (const { id, revision, position } of added) {
        end.places.set(id, { revision, position });
        end.head = Math.max(end.head, revision);
      }
      for (const id of end.places.keys()) {
        if (end.places.size <= LOOK_BACK) break;
        end.places.delete(id);
      }
      // The entry that was used last is forgotten last.
      ends.delete(stream);
      ends.set(stream, end);
      const [oldest] = ends.keys();
      if (ends.size > maxStreams && oldest !== undefined) ends.delete(oldest);
      return end;
    },
    forget(stream) {
      ends.delete(stream);
    },
  };
}

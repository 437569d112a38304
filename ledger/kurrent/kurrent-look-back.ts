import { positionOf } from './kurrent-events.js';
import type { KurrentReads } from './kurrent-reads.js';
import { createRecentIds, LOOK_BACK, type KnownStretch, type KnownPlace } from './kurrent-recent-ids.js';
import type { Expected } from '../ledger.js';

/**
 * What stands at the end of streams, read only where it is not known. The server recognises a repeated event only at
 * the very place asked for: at another revision it would write it twice.
 */
export interface LookBack {
  /** The end of the stream as far as an append at `expected` has to know it. */
  before(stream: string, expected: Expected): Promise<KnownStretch | undefined>;
  /** The end of the stream as it is now. */
  again(stream: string): Promise<KnownStretch>;
  /** An append was answered. */
  wrote(stream: string, ids: readonly string[], last: KnownPlace): void;
}

/** For a writer that knows each place itself: only the server's own check, at the very place asked for. */
export const NO_LOOK_BACK: LookBack = {
  before: async () => undefined,
  again: async () => ({ head: -1, places: new Map() }),
  wrote: () => undefined,
};

export function createLookBack(reads: Pick<KurrentReads, 'stream'>): LookBack {
  const recent = createRecentIds();

  async function again(stream: string): Promise<KnownStretch> {
    const known = recent.get(stream);
    const found =
      known === undefined
        ? await reads.stream(stream, { from: 'end', direction: 'backwards', limit: LOOK_BACK })
        : await reads.stream(stream, { from: known.head + 1, direction: 'forwards', limit: LOOK_BACK });
    const places = found.flatMap((one) => {
      const position = positionOf(one);
      if (one.event === undefined || position === undefined) return [];
      return [{ id: one.event.id, revision: Number(one.event.revision), position }];
    });
    const end = recent.extend(stream, known === undefined ? places.reverse() : places);
    return known !== undefined && found.length === LOOK_BACK ? again(stream) : end;
  }

  return {
    again,
    async before(stream, expected) {
      const known = recent.get(stream);
      // What should not be there yet, the server itself refuses to begin twice. An append that was not answered
      // comes again at its own place, where the server recognises it.
      const enough = expected === 'none' || (known !== undefined && known.head >= expected);
      return enough ? known : again(stream);
    },
    wrote(stream, ids, last) {
      const [id, ...more] = ids;
      // Of several events only the last one's place is answered.
      if (id !== undefined && more.length === 0) recent.extend(stream, [{ id, ...last }]);
      else recent.forget(stream);
    },
  };
}

import { isDeepStrictEqual } from 'node:util';
import type { CursorStore } from '../ledger/cursor.js';
import { RevisionConflict } from '../ledger/errors.js';
import type { Position } from '../ledger/ledger.js';
import type { Lane } from '../domain/owed.js';
import type { LaneItems } from '../projections/owed/owed-reads.js';
import { Fenced, MissingCursor } from './errors.js';

/** Items that are handed over together; the batch's id derives from the first and the last of them. */
export interface Batch<L extends Lane = Lane> {
  readonly id: string;
  readonly items: readonly LaneItems[L][];
}

/** Says how far a lane has come: everything up to `after` is handed over, once `batch` is. */
export interface LaneCursor<L extends Lane = Lane> {
  readonly after: Position;
  readonly batch: Batch<L> | null;
  readonly version: number;
}

interface Stored {
  /** The position as decimal text. */
  readonly after: string;
  readonly batch: Batch | null;
}

/** Name of a lane's cursor in the cursor store. */
export function cursorName(lane: Lane): string {
  return `reactor-${lane}`;
}

/** Loads the cursor of a lane. @throws MissingCursor */
export async function loadLaneCursor<L extends Lane>(cursors: CursorStore, lane: L): Promise<LaneCursor<L>> {
  const cursor = await cursors.load(cursorName(lane));
  if (cursor === undefined) throw new MissingCursor(cursorName(lane));
  const { after, batch } = cursor.value as Stored;
  return { after: BigInt(after), batch: batch as Batch<L> | null, version: cursor.version };
}

/**
 * Stores a batch before it is started, so that the same batch is started again after a crash.
 * @throws Fenced when another reactor saved in between
 */
export async function saveLaneCursor<L extends Lane>(
  cursors: CursorStore,
  lane: L,
  next: { readonly after: Position; readonly batch: Batch<L> },
  expected: number,
): Promise<LaneCursor<L>> {
  const name = cursorName(lane);
  const value: Stored = { after: next.after.toString(), batch: next.batch };
  try {
    return { ...next, version: await cursors.save(name, value, expected) };
  } catch (error) {
    if (!(error instanceof RevisionConflict)) throw error;
    // A save of our own whose answer was lost looks like somebody else's.
    const found = await cursors.load(name);
    if (found === undefined || !isDeepStrictEqual(found.value, value)) throw new Fenced(`${name} moved`);
    return { ...next, version: found.version };
  }
}

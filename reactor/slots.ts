import { isDeepStrictEqual } from 'node:util';
import { KIND_OF_LANE, type Lane, type OwedItem, type OwedKind } from '../domain/owed.js';
import type { CursorStore } from '../ledger/cursor.js';
import { RevisionConflict } from '../ledger/errors.js';
import type { Position } from '../ledger/ledger.js';
import { Fenced, MissingCursor } from './errors.js';

/** Items that are handed over together, under an id that no other batch has. */
export interface Batch {
  readonly id: string;
  readonly items: readonly OwedItem[];
  /** Whom each is about; absent in batches that were stored before that was kept. */
  readonly contacts?: readonly string[];
}

/**
 * A place for one batch that runs. It is stored before the batch is started, so that after a crash the same batch is
 * started again, and at an expected version, so that only one reactor goes on.
 */
export interface Slot {
  readonly name: string;
  /** Of its last save. */
  readonly version: number;
  /** What was in it last. */
  readonly batch: Batch | null;
  /** @throws Fenced when another reactor saved in between */
  store(batch: Batch): Promise<void>;
}

interface Stored {
  /** Decimal text: the floor that the batch was taken above. */
  readonly after: string;
  readonly batch: Batch | null;
}

/** Batches of a lane that may run at the same time. */
export const SLOTS = 12;

/** Name of the cursor below which a kind of work is not handed over any more, but swept; it is also a slot. */
export function floorName(kind: OwedKind): string {
  return `reactor-${kind}`;
}

/** @throws MissingCursor */
export async function loadFloor(cursors: CursorStore, kind: OwedKind): Promise<Position> {
  const cursor = await cursors.load(floorName(kind));
  if (cursor === undefined) throw new MissingCursor(floorName(kind));
  return BigInt((cursor.value as Stored).after);
}

/**
 * Takes all slots of a lane: whoever had them before can store nothing more in any of them.
 * @throws MissingCursor
 */
export function claimSlots(cursors: CursorStore, lane: Lane, floor: Position): Promise<readonly Slot[]> {
  const kind = KIND_OF_LANE[lane];
  const names = Array.from({ length: SLOTS }, (_, n) =>
    lane === kind && n === 0 ? floorName(kind) : `reactor-${lane}-${String(n)}`,
  );
  return Promise.all(names.map((name) => claim(cursors, name, floor)));
}

async function claim(cursors: CursorStore, name: string, floor: Position): Promise<Slot> {
  for (;;) {
    const found = await cursors.load(name);
    const kept = found?.value as Stored | undefined;
    // What was stored above another floor was dropped when somebody set the floor anew.
    const batch = kept?.after === floor.toString() ? kept.batch : null;
    const value: Stored = { after: floor.toString(), batch };
    try {
      const version = await cursors.save(name, value, found?.version ?? 'none');
      return openSlot(cursors, { name, floor, version, batch });
    } catch (error) {
      // The one before was still at work: what it stored counts.
      if (!(error instanceof RevisionConflict)) throw error;
    }
  }
}

function openSlot(
  cursors: CursorStore,
  claimed: {
    readonly name: string;
    readonly floor: Position;
    readonly version: number;
    readonly batch: Batch | null;
  },
): Slot {
  const { name, floor } = claimed;
  let { version, batch } = claimed;
  return {
    name,
    get version() {
      return version;
    },
    get batch() {
      return batch;
    },
    async store(next) {
      const value: Stored = { after: floor.toString(), batch: next };
      try {
        version = await cursors.save(name, value, version);
      } catch (error) {
        if (!(error instanceof RevisionConflict)) throw error;
        // A save whose answer was lost looks like somebody else's.
        const found = await cursors.load(name);
        if (found === undefined || !isDeepStrictEqual(found.value, value)) throw new Fenced(`${name} moved`);
        version = found.version;
      }
      batch = next;
    },
  };
}

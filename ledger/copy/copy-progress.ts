import type { CursorStore } from '../cursor.js';
import { CopyUnfinished } from '../errors.js';
import type { Recorded } from '../ledger.js';

const CURSOR = 'copy';

/** An event, by its place in the store that is copied from. */
export interface CopiedPlace {
  readonly stream: string;
  readonly revision: number;
  readonly eventId: string;
  /** The position as decimal text. */
  readonly position: string;
}

/** Says how far a copy has come; it stands in the target. */
export interface CopyProgress {
  /** Id of the ledger that is copied. */
  readonly ledgerId: string;
  /** The last event copied; null before the first. */
  readonly last: CopiedPlace | null;
  readonly events: number;
  /** Nothing was owed by the source's events up to this position, decimal text. */
  readonly drainedAt: string;
  readonly done: boolean;
}

/** The progress of one target, to be saved by one process at a time. */
export interface CopyJournal {
  /** Reads the progress; undefined where no copy is under way. */
  readonly kept: CopyProgress | undefined;
  /** @throws RevisionConflict where another copy into this target is under way */
  save(progress: CopyProgress): Promise<void>;
}

export async function openCopyJournal(cursors: CursorStore): Promise<CopyJournal> {
  const kept = await cursors.load(CURSOR);
  const progress = kept?.value as CopyProgress | undefined;
  let version: number | 'none' = kept?.version ?? 'none';
  return {
    kept: progress?.done === false ? progress : undefined,
    async save(next) {
      version = await cursors.save(CURSOR, next, version);
    },
  };
}

/** Refuses a ledger into which a copy has not come to its end. @throws CopyUnfinished */
export async function refuseUnfinishedCopy(cursors: CursorStore): Promise<void> {
  if ((await openCopyJournal(cursors)).kept === undefined) return;
  throw new CopyUnfinished(
    'a copy into this ledger was broken off, so events are missing in it: run the same `optledger copy` again, which goes on where it was',
  );
}

export function copiedPlace({ stream, revision, event, position }: Recorded): CopiedPlace {
  return { stream, revision, eventId: event.id, position: String(position) };
}

import { renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Ledger, Position } from '../../ledger/ledger.js';
import { createFoldBatch } from './fold-batch.js';
import { foldedPosition, openViewFile } from './view-file.js';
import { openViewSet } from '../view-set.js';

/** So many events share a transaction; nothing else runs meanwhile. */
const PAGE = 1000;

export interface Rebuild {
  readonly file: string;
  readonly ledger: Pick<Ledger, 'readAll'>;
  readonly onProgress?: (position: Position) => void;
}

/**
 * Folds the whole ledger into a new file beside the old one and then puts it in its place. Nobody may have the old
 * one open. A rebuild that is broken off leaves the old one as it was.
 * @returns the position of the last event folded
 * @throws UnfoldableEvent, what the ledger throws
 */
export async function rebuildViews({ file, ledger, onProgress }: Rebuild): Promise<Position> {
  const beside = `${file}.rebuild`;
  removeFile(beside);
  const position = await foldAll(beside, ledger, onProgress);
  retire(file);
  renameSync(beside, file);
  return position;
}

async function foldAll(
  file: string,
  ledger: Rebuild['ledger'],
  onProgress: Rebuild['onProgress'],
): Promise<Position> {
  const db = openViewFile(file);
  try {
    const fold = createFoldBatch(db, openViewSet(db).projections);
    for (;;) {
      const position = foldedPosition(db);
      const events = await ledger.readAll({ after: position, limit: PAGE });
      if (events.length === 0) return position;
      fold(events);
      onProgress?.(foldedPosition(db));
      await nextTurn();
    }
  } finally {
    // Closing the last connection moves the write-ahead log into the file.
    db.close();
  }
}

/** Takes the old file's write-ahead log away, so that it is not taken for one of the new file. */
function retire(file: string): void {
  const db = new DatabaseSync(file);
  try {
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch {
    // Not readable any more: it is replaced anyway.
  } finally {
    db.close();
  }
  for (const suffix of ['-wal', '-shm']) rmSync(file + suffix, { force: true });
}

function removeFile(file: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
}

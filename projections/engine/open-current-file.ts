import type { DatabaseSync } from 'node:sqlite';
import type { Ledger, Position } from '../../ledger/ledger.js';
import { rebuildViews } from './rebuild-views.js';
import { hasThisSchema, isUnreadableFile, openViewFile, readCheckpoint } from './view-file.js';

interface CurrentFile {
  readonly file: string;
  readonly ledger: Ledger;
  readonly onRebuild?: (position: Position) => void;
}

/** Opens the file; folds it anew first where its rows are not what this code makes of this ledger. */
export async function openCurrentFile({ file, ledger, onRebuild }: CurrentFile): Promise<DatabaseSync> {
  const db = openReadable(file);
  if (db !== undefined && hasThisSchema(db) && (await belongsTo(db, ledger))) return db;
  db?.close();
  await rebuildViews({ file, ledger, ...(onRebuild && { onProgress: onRebuild }) });
  return openViewFile(file);
}

/** Gives undefined for a file that SQLite cannot read: views may be lost, since the ledger has it all. */
function openReadable(file: string): DatabaseSync | undefined {
  try {
    return openViewFile(file);
  } catch (error) {
    if (isUnreadableFile(error)) return undefined;
    throw error;
  }
}

/**
 * Answers false for the views of another ledger, for those of this one from before an older copy of it was put back, and
 * for those of the same events in another store, where the events stand at other positions.
 */
async function belongsTo(db: DatabaseSync, ledger: Ledger): Promise<boolean> {
  const checkpoint = readCheckpoint(db);
  if (checkpoint === undefined) return true;
  const { stream, revision, eventId, position } = checkpoint;
  const [recorded] = await ledger.readStream(stream, { from: revision, direction: 'forwards', limit: 1 });
  return recorded?.event.id === eventId && recorded.position === position;
}

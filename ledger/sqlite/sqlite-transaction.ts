import type { DatabaseSync } from 'node:sqlite';
import { EventIdTaken, RevisionConflict } from '../errors.js';

/** Work that shares a transaction with other work, and how its caller is told. */
export interface Piece {
  run(): unknown;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/**
 * Runs the pieces in one transaction and commits it; the answer tells each caller what became of its piece.
 * A refusal undoes its own piece only. Any other error is thrown: nothing of the transaction counts.
 */
export type Transact = (pieces: readonly Piece[]) => readonly (() => void)[];

const isRefusal = (error: unknown): boolean =>
  error instanceof RevisionConflict || error instanceof EventIdTaken;

export function createTransact(db: DatabaseSync): Transact {
  const [begin, commit] = [db.prepare('BEGIN IMMEDIATE'), db.prepare('COMMIT')];
  const save = db.prepare('SAVEPOINT piece');
  const undo = db.prepare('ROLLBACK TO piece');
  const keep = db.prepare('RELEASE piece');

  function attempt(piece: Piece): () => void {
    save.run();
    try {
      const value = piece.run();
      keep.run();
      return () => piece.resolve(value);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      undo.run();
      keep.run();
      return () => piece.reject(error);
    }
  }

  return (pieces) => {
    begin.run();
    const tell = pieces.map(attempt);
    commit.run();
    return tell;
  };
}

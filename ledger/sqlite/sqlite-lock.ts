import { DatabaseSync } from 'node:sqlite';
import { LedgerLocked } from '../errors.js';
import { createPrivateFile, isBusy } from './sqlite-file.js';

export interface FileLock {
  release(): void;
}

/**
 * Holds `lockFile` as long as the process lives, by a lock of the operating system: nothing stale is left after
 * kill -9. Never open the file by other means in this process: closing any descriptor of it drops POSIX locks.
 * @throws LedgerLocked when another process (or another ledger of this one) holds it
 */
export function lockFile(file: string): FileLock {
  createPrivateFile(file);
  const db = new DatabaseSync(file, { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (!isBusy(error)) throw error;
    throw new LedgerLocked(
      `another process uses this ledger (${file} is locked): stop it, or give this one its own DATA_DIR`,
    );
  }
  return { release: () => db.close() };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';

/**
 * Does some work while no other process does it under the same lock file. The lock is the kernel's, held through
 * SQLite: it ends with the process however that dies, so there is no stale lock to judge.
 */
export async function withFileLock<T>(
  path: string,
  { onWait, work }: { onWait: () => void; work: () => Promise<T> },
): Promise<T> {
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    for (let waited = false; !tryLock(lock); waited = true) {
      if (!waited) onWait();
      await sleep(250);
    }
    return await work();
  } finally {
    lock.close();
  }
}

function tryLock(lock: DatabaseSync): boolean {
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (error instanceof Error && /locked|busy/i.test(error.message)) return false;
    throw error;
  }
}

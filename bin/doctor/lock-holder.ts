import { readFileSync, statSync } from 'node:fs';

/** SQLite's pending byte: where its exclusive lock of a file begins (sqlite.org/lockingv3.html). */
const PENDING_BYTE = '1073741824';

/**
 * The process that holds a lock file, as Linux lists it in proc(5). The file is not opened and no lock is tried: a
 * start at the same moment would be refused.
 * @returns undefined where nobody holds it, and where this system does not tell
 */
export function lockHolder(lockFile: string): number | undefined {
  try {
    const { ino } = statSync(lockFile, { bigint: true });
    return holderIn(readFileSync('/proc/locks', 'utf8'), ino);
  } catch {
    return undefined;
  }
}

/** @param locks text of `/proc/locks` */
export function holderIn(locks: string, inode: bigint): number | undefined {
  for (const line of locks.split('\n')) {
    const [, , , access, pid, place = '', from] = line.trim().split(/\s+/);
    if (access === 'WRITE' && from === PENDING_BYTE && place.endsWith(`:${String(inode)}`))
      return Number(pid);
  }
  return undefined;
}

import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { say } from './say.mjs';

const PATIENCE_MS = 15 * 60_000;

/** Two starts in one clone must not install or build at the same time: the second waits for the first. */
export async function withPrepareLock(folder, work) {
  mkdirSync(folder, { recursive: true });
  const lock = join(folder, 'prepare.lock');
  const mine = `${lock}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  const deadline = performance.now() + PATIENCE_MS;
  try {
    for (let said = false; !take(mine, lock); said = true) {
      if (!said) say(`another start (process ${holderOf(lock)}) is installing or building; waiting for it`);
      if (performance.now() > deadline)
        throw new Error(`${lock} is held for too long; remove it if nobody holds it`);
      await sleep(250);
    }
  } finally {
    rmSync(mine, { force: true });
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** A hard link appears whole or not at all: the lock is never seen without its holder. */
function take(mine, lock) {
  try {
    linkSync(mine, lock);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  const holder = holderOf(lock);
  if (holder !== undefined && !isAlive(holder)) removeStale(lock, holder);
  return false;
}

/** Moved away first: had another start taken over in between, its lock is put back. */
function removeStale(lock, holder) {
  const aside = `${lock}.${process.pid}.stale`;
  try {
    renameSync(lock, aside);
    if (readFileSync(aside, 'utf8') !== String(holder)) linkSync(aside, lock);
  } catch {
    // Another start was faster.
  } finally {
    rmSync(aside, { force: true });
  }
}

function holderOf(lock) {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from '../machine/run-command.js';
import { monotonicMs } from '../machine/system-clock.js';

/** Two servers on one database file would spoil it. */
export class DatabaseInUse extends Error {
  override readonly name = 'DatabaseInUse';
}

/**
 * Waits for the end of the server that an earlier, killed start left behind: its guard is ending it.
 * @throws DatabaseInUse when it still runs after `patienceMs`.
 */
export async function waitForPreviousServer({
  pidFile,
  dbFile,
  log,
  patienceMs,
}: {
  pidFile: string;
  dbFile: string;
  log: (line: string) => void;
  patienceMs: number;
}): Promise<void> {
  const pid = readPid(pidFile);
  if (pid === undefined) return;
  const deadline = monotonicMs() + patienceMs;
  for (let waited = false; await runsOn(pid, dbFile); waited = true) {
    if (monotonicMs() > deadline) {
      throw new DatabaseInUse(
        `A Temporal server (process ${String(pid)}) still uses ${dbFile}. Is another optledger running on the same ` +
          'DATA_DIR? If not, end that process and start again.',
      );
    }
    if (!waited) log(`waiting for the end of the previous server (process ${String(pid)})`);
    await sleep(100);
  }
}

/**
 * The server neither migrates its database nor notices one of another version, and what stands in it can be started
 * again from the ledger: so a new version begins a new file. The old one is kept, one generation.
 */
export function setAsideOtherVersion(dbFile: string, version: string, log: (line: string) => void): void {
  const mark = `${dbFile}.version`;
  const before = existsSync(mark) ? readFileSync(mark, 'utf8').trim() : version;
  if (before !== version && existsSync(dbFile)) {
    log(
      `the database is of Temporal ${before}, this is ${version}: set aside as ${dbFile}.old, a new one begins`,
    );
    for (const suffix of ['', '-wal', '-shm']) {
      if (existsSync(dbFile + suffix)) renameSync(dbFile + suffix, `${dbFile}.old${suffix}`);
    }
  }
  writeFileSync(mark, `${version}\n`);
}

function readPid(pidFile: string): number | undefined {
  if (!existsSync(pidFile)) return undefined;
  const pid = Number(readFileSync(pidFile, 'utf8').trim());
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

/** Process ids are used again, so the command line must name the file too. */
async function runsOn(pid: number, dbFile: string): Promise<boolean> {
  return (await commandLine(pid)).includes(dbFile);
}

async function commandLine(pid: number): Promise<string> {
  if (existsSync('/proc/self/cmdline')) {
    try {
      return readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8');
    } catch {
      return '';
    }
  }
  const listed = await runCommand({
    command: '/bin/ps',
    args: ['-o', 'args=', '-p', String(pid)],
    env: {},
    timeoutMs: 5_000,
  });
  return listed.stdout;
}

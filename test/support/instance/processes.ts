import { readdirSync, readFileSync } from 'node:fs';

/** Pids of the processes whose command line or data folder names this folder, zombies left out. */
export function processesOf(dataDir: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && names(pid, dataDir));
}

function names(pid: number, dataDir: string): boolean {
  try {
    if (readFileSync(`/proc/${String(pid)}/stat`, 'utf8').includes(') Z ')) return false;
    const of = (file: string): string => readFileSync(`/proc/${String(pid)}/${file}`, 'utf8');
    return of('cmdline').includes(dataDir) || of('environ').split('\0').includes(`DATA_DIR=${dataDir}`);
  } catch {
    // It ended while we looked.
    return false;
  }
}

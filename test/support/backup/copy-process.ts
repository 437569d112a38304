import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const root = resolve(import.meta.dirname, '../../..');
const SAMPLE_MS = 100;
/** Of `/proc`, on Linux. */
const TICKS_PER_SECOND = 100;

/** How `optledger copy` went, seen from outside. */
export interface CopyRun {
  /** Null after kill -9. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
  /** Processor time that it took, seconds. */
  readonly cpuSeconds: number;
  /** Resident memory while it copied, MB, in order. */
  readonly copyingMb: readonly number[];
}

/** Runs it as an operator does; killed by -9 as soon as `killWhen` says so. */
export async function runCopy(
  from: string,
  to: string,
  killWhen: () => Promise<boolean> = async () => false,
): Promise<CopyRun> {
  const began = performance.now();
  const args = [join(root, 'dist/bin/cli.js'), 'copy', '--json', '--from', from, '--to', to];
  const child = spawn(join(root, 'node_modules/.bin/node'), args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const read = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => (read[name] += text));
  }
  const ended = once(child, 'close') as Promise<[number | null]>;
  const copyingMb: number[] = [];
  let cpuSeconds = 0;
  while (child.exitCode === null && child.signalCode === null) {
    const seen = child.pid === undefined ? undefined : look(child.pid);
    cpuSeconds = seen?.cpuSeconds ?? cpuSeconds;
    const copying = read.stderr.includes('copying') && !read.stderr.includes('comparing');
    if (seen !== undefined && copying) copyingMb.push(seen.mb);
    if (copying && (await killWhen())) child.kill('SIGKILL');
    await Promise.race([ended, delay(SAMPLE_MS)]);
  }
  const [code] = await ended;
  return { ...{ code, ...read, copyingMb, cpuSeconds }, seconds: (performance.now() - began) / 1_000 };
}

/** What the system knows of a process; undefined once it is gone. */
function look(pid: number): { readonly mb: number; readonly cpuSeconds: number } | undefined {
  try {
    const [rss = '', stat = ''] = ['status', 'stat'].map((name) =>
      readFileSync(`/proc/${String(pid)}/${name}`, 'utf8'),
    );
    const kb = Number(/^VmRSS:\s+(\d+)/m.exec(rss)?.[1] ?? 0);
    // The name, in brackets, may hold anything; user and system time are the 12th and 13th field after it.
    const times = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { mb: kb / 1_024, cpuSeconds: (Number(times[11]) + Number(times[12])) / TICKS_PER_SECOND };
  } catch {
    return undefined;
  }
}

/** The middle one. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

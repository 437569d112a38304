import { readdirSync, readFileSync } from 'node:fs';

/** Of Linux; user-visible clock ticks are 100 per second on every architecture that Node runs on. */
const TICKS_PER_S = 100;

/** Processor time of one process since its start, seconds; undefined where the system does not tell. */
export function cpuSecondsOf(pid: number): number | undefined {
  const fields = statOf(pid);
  return fields && (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
}

/** The same of all processes of a process group that live. */
export function cpuSecondsOfGroup(group: number): number | undefined {
  const seconds = pids()
    .filter((pid) => statOf(pid)?.[2] === String(group))
    .map((pid) => cpuSecondsOf(pid) ?? 0);
  return seconds.length === 0 ? undefined : seconds.reduce((sum, one) => sum + one, 0);
}

function pids(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** The fields after the program's name, which may hold blanks: state first, parent, group, … (proc(5), from 3 on). */
function statOf(pid: number): readonly string[] | undefined {
  try {
    const text = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

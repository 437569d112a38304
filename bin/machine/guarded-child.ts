import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Readable, Writable } from 'node:stream';

/**
 * The shell reads a pipe that only the parent holds: it reads to the end when the parent closes it or dies, however it
 * dies. Then the command gets SIGTERM, and after 8 s everything left in the group SIGKILL. When the command ends by
 * itself, the shell ends with the same code.
 */
const GUARD = `
pidfile=$1; shift
exec 3<&0
"$@" </dev/null 3<&- &
child=$!
[ -z "$pidfile" ] || echo "$child" >"$pidfile"
(
  read -r _ <&3
  trap '' TERM
  kill "$child" 2>/dev/null
  n=0
  while [ "$n" -lt 40 ] && kill -0 "$child" 2>/dev/null; do sleep 0.2; n=$((n + 1)); done
  kill -9 0
) >/dev/null 2>&1 &
watcher=$!
wait "$child"
code=$?
kill "$watcher" 2>/dev/null
exit "$code"
`;

export type GuardedChild = ChildProcessByStdio<Writable, Readable, Readable>;

export interface GuardedCommand {
  command: string;
  args: readonly string[];
  /** The whole environment of the child: nothing is inherited, so no secret of ours reaches it. */
  env: Record<string, string>;
  cwd?: string;
  /** Where the shell writes the process id of the command. */
  pidFile?: string;
}

/**
 * Starts a command that cannot outlive this process. It stands in a process group of its own, so that a signal to ours
 * does not reach it; `child.stdin.end()` asks it to end, `killGuarded` makes it.
 */
export function spawnGuarded({ command, args, env, cwd, pidFile }: GuardedCommand): GuardedChild {
  const child = spawn('/bin/sh', ['-c', GUARD, 'guard', pidFile ?? '', command, ...args], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env,
    ...(cwd === undefined ? {} : { cwd }),
  });
  child.stdin.on('error', () => {
    // EPIPE: the shell ended first, which is what a close of the pipe asks for.
  });
  child.once('exit', () => {
    // What the command left in its group, and the shell's own watcher.
    killGuarded(child);
  });
  return child;
}

/** Ends the whole group at once. Harmless when it is gone. */
export function killGuarded(child: GuardedChild): void {
  signalGroup(child, 'SIGKILL');
}

/**
 * Waits until no process of an ended child's group is left: one that was killed lives on until it is scheduled. For a
 * second at most, since what nobody reaps stays listed.
 */
export async function guardedGroupGone(child: GuardedChild): Promise<void> {
  for (let left = 100; left > 0 && signalGroup(child, 0); left -= 1) await sleep(10);
}

/** Answers whether there was a process to signal. */
function signalGroup(child: GuardedChild, signal: NodeJS.Signals | 0): boolean {
  if (child.pid === undefined) return false;
  try {
    return process.kill(-child.pid, signal);
  } catch {
    return false;
  }
}

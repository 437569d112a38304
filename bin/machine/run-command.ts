import { createInterface } from 'node:readline';
import { killGuarded, spawnGuarded, type GuardedCommand } from './guarded-child.js';

export interface CommandResult {
  /** Exit code; `null` when it could not be started, was killed or ran out of time. */
  code: number | null;
  stdout: string;
  /** The last lines of standard error, at most 20. */
  stderrTail: string[];
}

export interface RunOptions extends GuardedCommand {
  timeoutMs: number;
  onStderrLine?: (line: string) => void;
}

/** Runs a short-lived command to its end. Never throws: what went wrong is in the result. */
export function runCommand({ timeoutMs, onStderrLine, ...command }: RunOptions): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawnGuarded(command);
    const stderrTail: string[] = [];
    let stdout = '';
    const timer = setTimeout(() => {
      killGuarded(child);
    }, timeoutMs);
    const finish = (code: number | null): void => {
      clearTimeout(timer);
      resolve({ code, stdout, stderrTail });
    };
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
    createInterface({ input: child.stderr }).on('line', (line) => {
      stderrTail.push(line);
      if (stderrTail.length > 20) stderrTail.shift();
      onStderrLine?.(line);
    });
    child.once('error', () => {
      finish(null);
    });
    child.once('close', (code) => {
      finish(code);
    });
  });
}

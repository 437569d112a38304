import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The folder of package.json, with a slash at its end. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** Node 24, which comes as a development dependency, whatever the machine's own is. */
export const node = `${root}node_modules/.bin/node`;

/**
 * Runs a command in the root folder to its end and passes signals on meanwhile.
 * @returns its exit code, and its stdout where `capture` is set.
 */
export function run(command, args, { env = {}, capture = false } = {}) {
  return new Promise((resolve) => {
    // Our stdout belongs to the program that is started in the end: what tools print goes to stderr.
    const stdio = ['ignore', capture ? 'pipe' : 2, 2];
    const child = spawn(command, args, { cwd: root, stdio, env: { ...process.env, ...env } });
    let stdout = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk) => (stdout += chunk));

    const forward = (signal) => child.kill(signal);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, forward);
    const end = (code) => {
      for (const signal of signals) process.off(signal, forward);
      resolve({ code, stdout });
    };
    child.once('error', () => end(127));
    child.once('close', (code) => end(code ?? 130));
  });
}

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { prepareOrExit } from './prepare.mjs';
import { node, root } from './run.mjs';
import { say } from './say.mjs';

// Runs a program of `bin/` on Node 24, whatever Node this is: `node tools/start.mjs [name] [argument]…`, `all` where
// no name is given. Installs and builds first what is missing.
//
// The program ends when we end, however we end: it stands in a process group of its own, so that each signal reaches
// it once, through us; it sees our death, also by kill -9, as 'disconnect' of its channel; and we see the death of
// whoever started us as a change of our parent.

/** A terminal's Ctrl-C reaches us directly and through npm: within this time it is the same one. */
const SAME_SIGNAL_MS = 500;
/** The program promises to be gone within 10 s. */
const PATIENCE_MS = 12_000;

const [name = 'all', ...args] = process.argv.slice(2);
const parent = process.ppid;
await prepareOrExit();

const program = join(root, 'dist', 'bin', `${name}.js`);
if (!existsSync(program)) {
  say(`✗ there is no ${program}`);
  process.exit(1);
}
const settings = join(root, '.env');
const options = ['--enable-source-maps', ...(existsSync(settings) ? [`--env-file=${settings}`] : [])];
const child = spawn(node, [...options, program, ...args], {
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  detached: true,
});

let lastSignalAt = -Infinity;
function stop(signal) {
  if (performance.now() - lastSignalAt < SAME_SIGNAL_MS) return;
  lastSignalAt = performance.now();
  child.kill(signal);
  setTimeout(() => {
    say('✗ did not end in time: killed');
    child.kill('SIGKILL');
  }, PATIENCE_MS).unref();
}

process.on('SIGINT', () => stop('SIGINT'));
process.on('SIGTERM', () => stop('SIGTERM'));
process.on('SIGHUP', () => stop('SIGTERM'));
const watch = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(watch);
  stop('SIGTERM');
}, 500);

child.once('error', (error) => {
  say(`✗ ${error.message}`);
  process.exit(1);
});
child.once('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 137)));

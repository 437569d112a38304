import { processConfig } from './config.js';
import { obtainTemporal } from './temporal/temporal-ladder.js';

// Makes sure that a Temporal server can be started here. The last line on stdout is where its executable is; what
// happens meanwhile goes to stderr. Exit code 1 when none can be had.
const { temporal, machine } = processConfig();
const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
try {
  const executable = temporal.executable ?? (await obtainTemporal({ machine, say })).executable;
  process.stdout.write(`${executable}\n`);
} catch (error) {
  say(error instanceof Error ? error.message : 'unknown error');
  process.exitCode = 1;
}

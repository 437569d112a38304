import { pino } from 'pino';
import { announce } from '../../bin/announce.js';
import { processConfig } from '../../bin/config.js';
import { startInstance } from '../../bin/instance.js';
import { systemClock } from '../../bin/system-clock.js';

// A whole instance whose event loop SIGUSR2 stalls, so that its own guard against overload turns requests away.

/** Each longer than the delay that the guard allows. */
const STALLS = 5;
const STALL_MS = 1_200;

const config = processConfig();
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const logger = pino({ level: config.logLevel }, pino.destination(2));
const instance = await startInstance({ config, clock: systemClock, logger, say });
announce(instance, { config, role: 'all', say, onTerminal: false });

function stall(left: number): void {
  const until = performance.now() + STALL_MS;
  while (performance.now() < until);
  // One turn in between: requests that came are answered, everything else gets on by one step.
  if (left > 1) setImmediate(stall, left - 1);
}

process.on('SIGUSR2', () => {
  stall(STALLS);
});
process.once('SIGTERM', () => {
  void instance.stop(() => undefined).then(() => process.exit(0));
});

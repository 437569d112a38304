import { pino } from 'pino';
import { announce } from '../../bin/announce.js';
import { processConfig } from '../../bin/config.js';
import { startInstance } from '../../bin/instance.js';
import { systemClock } from '../../bin/system-clock.js';
import { withTimedCache } from './planted-cache.js';

// A whole instance, faulty on purpose: its hand-overs believe what they read up to 50 ms ago.

const config = processConfig();
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const logger = pino({ level: config.logLevel }, pino.destination(2));
const instance = await startInstance({ config, clock: systemClock, logger, say, through: withTimedCache });
announce(instance, { config, role: 'all', say, onTerminal: false });
process.once('SIGTERM', () => {
  void instance.stop(() => undefined).then(() => process.exit(0));
});

import { pino } from 'pino';
import { announce } from '../../bin/announce.js';
import { processConfig } from '../../bin/config.js';
import { startInstance } from '../../bin/instance.js';
import { systemClock } from '../../bin/system-clock.js';
import type { Ledger } from '../../ledger/ledger.js';
import { withTimedCache } from './planted-cache.js';

// A whole instance, or one role of it, faulty on purpose: its hand-overs believe what they read some time ago. Longer
// ago on a ledger server, where a hand-over 250 ms after an acknowledgement is in time.
const KEPT_MS = { all: 50, worker: 1_000 } as const;
const role = process.argv[2] === 'worker' ? 'worker' : 'all';
/** So that a test of few hand-overs sees it too. */
const keptMs = Number(process.env['PLANTED_CACHE_MS'] ?? KEPT_MS[role]);

const config = processConfig();
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const logger = pino({ level: config.logLevel }, pino.destination(2));
const through = (ledger: Ledger): Ledger => withTimedCache(ledger, keptMs);
const instance = await startInstance({ config, clock: systemClock, logger, say, through }, role);
announce(instance, { config, role, say, onTerminal: false });
process.once('disconnect', () => process.exit(0));
process.once('SIGTERM', () => {
  void instance.stop(() => undefined).then(() => process.exit(0));
});

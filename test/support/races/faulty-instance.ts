import { pino } from 'pino';
import { POLICY } from '../../../bin/wiring/policy.js';
import { announce } from '../../../bin/wiring/announce.js';
import { processConfig } from '../../../bin/config.js';
import { startInstance } from '../../../bin/wiring/instance.js';
import { systemClock } from '../../../bin/machine/system-clock.js';
import type { Ledger } from '../../../ledger/ledger.js';

/**
 * The program of a whole instance, or of one role of it, that a test makes faulty on purpose.
 * @param through what its hand-overs see of the ledger
 */
export async function runFaulty(
  role: 'all' | 'worker',
  through: (ledger: Ledger) => Ledger = (ledger) => ledger,
): Promise<void> {
  const config = processConfig();
  const say = (line: string): void => {
    process.stdout.write(`${line}\n`);
  };
  const logger = pino({ level: config.logLevel }, pino.destination(2));
  const instance = await startInstance(
    { config, clock: systemClock, logger, say, policy: POLICY, through },
    role,
  );
  announce(instance, { config, role, say, onTerminal: false });
  process.once('disconnect', () => process.exit(0));
  process.once('SIGTERM', () => {
    void instance.stop(() => undefined).then(() => process.exit(0));
  });
}

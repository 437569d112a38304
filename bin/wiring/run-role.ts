import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import { announce } from './announce.js';
import { InvalidConfiguration, processConfig } from '../config.js';
import { startInstance, type Instance } from './instance.js';
import { onStarterGone } from '../machine/lifeline.js';
import type { Policy } from './policy.js';
import { requireShared, type RoleName } from './roles.js';
import { systemClock } from '../machine/system-clock.js';

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Whoever read our output is gone: no reason to leave anything undone. */
const unheard = (): void => undefined;

async function run(role: RoleName, policy: Policy): Promise<void> {
  process.stdout.on('error', unheard);
  process.stderr.on('error', unheard);
  const config = processConfig();
  requireShared(role, config);
  const logger = pino({ level: config.logLevel }, pino.destination(2).on('error', unheard));
  const running: { instance?: Instance; failure?: Error } = {};
  const grace = closeWithGrace({ delay: 10_000, logger: false }, async ({ signal, err }) => {
    if (err !== undefined) logger.fatal({ err }, 'unexpected fault');
    say(signal === undefined ? 'Stopping …' : `Stopping (${signal}) …`);
    await running.instance?.stop(({ name, outcome, ms }) => {
      if (outcome !== 'done') say(`  ${name}: ${outcome} after ${String(ms)} ms`);
    });
    say('Stopped.');
    // What is thrown here ends the process with 1: a supervisor has to see that this was no wish of anybody.
    if (running.failure !== undefined) throw running.failure;
  });
  onStarterGone(process, grace.close);
  const instance = await startInstance({ config, clock: systemClock, logger, say, policy }, role);
  running.instance = instance;
  announce(instance, { config, role, say, onTerminal: process.stdout.isTTY });
  void instance.broken.then((cause) => {
    logger.fatal({ err: cause }, 'the ledger or its views failed');
    running.failure = new Error('the ledger or its views failed', { cause });
    grace.close();
  });
}

/** The life of a process: starts, serves until a signal or a fault, goes down in order. Faults of the start end it with 1. */
export async function runRole(role: RoleName, policy: Policy): Promise<void> {
  try {
    await run(role, policy);
  } catch (error) {
    const hint = error instanceof InvalidConfiguration ? 'Configuration: ' : '';
    process.stderr.write(`✗ ${hint}${error instanceof Error ? error.message : 'unknown fault'}\n`);
    process.exit(1);
  }
}

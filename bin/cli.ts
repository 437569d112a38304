#!/usr/bin/env node
import { Command, InvalidArgumentError } from 'commander';
import { processConfig, maskedConfig } from './config.js';
import { rebuild } from './command-rebuild.js';
import { setReactor } from './command-reactor.js';

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
const print = (value: unknown, json: boolean): void => {
  const text =
    json || typeof value !== 'object' || value === null
      ? JSON.stringify(value)
      : Object.entries(value)
          .filter(([, part]) => part !== undefined)
          .map(
            ([name, part]) => `${name.padEnd(20)} ${typeof part === 'string' ? part : JSON.stringify(part)}`,
          )
          .join('\n');
  process.stdout.write(`${text}\n`);
};

function positionOrEnd(text: string): 'end' | bigint {
  if (text === 'end') return 'end';
  if (!/^\d{1,18}$/.test(text)) throw new InvalidArgumentError('expected `end` or a position of the ledger');
  return BigInt(text);
}

const program = new Command('optledger')
  .description('A consent ledger for messaging. Settings come from the environment, see `optledger config`.')
  .option('--json', 'print JSON, for scripts', false)
  .showHelpAfterError();
const json = (): boolean => program.opts<{ json: boolean }>().json;

program
  .command('config')
  .description('print the settings in force, secrets masked')
  .action(() => {
    print(maskedConfig(processConfig()), json());
  });

program
  .command('views')
  .description('the answers that are folded from the ledger')
  .command('rebuild')
  .description('fold all views anew beside the old ones, then swap; the instance has to be stopped')
  .addHelpText('after', '\nExample:\n  DATA_DIR=data optledger views rebuild')
  .action(async () => {
    print(await rebuild(processConfig(), say), json());
  });

program
  .command('reactor')
  .description('what hands owed work to Temporal')
  .command('set')
  .description('say from where the reactor hands over; the instance has to be stopped')
  .requiredOption(
    '--at <position>',
    '`end`, or a position: what is owed after it is handed over',
    positionOrEnd,
  )
  .addHelpText('after', '\nExamples:\n  optledger reactor set --at end\n  optledger reactor set --at 4711')
  .action(async ({ at }: { at: 'end' | bigint }) => {
    print(await setReactor(processConfig(), at), json());
  });

try {
  await program.parseAsync();
} catch (error) {
  say(`✗ ${error instanceof Error ? error.message : 'unknown error'}`);
  process.exitCode = 1;
}

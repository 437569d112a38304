import { Command, CommanderError } from 'commander';
import { InvalidConfiguration, processConfig } from '../config.js';
import { addBackup } from './commands/backup.js';
import { addApps } from './commands/apps.js';
import { addCallbacks } from './commands/callbacks.js';
import { addCheck } from './commands/check.js';
import { addCompletion } from './commands/completion.js';
import { addConfig } from './commands/config.js';
import { addContact } from './commands/contact.js';
import { addCopy } from './commands/copy.js';
import { addDoctor } from './commands/doctor.js';
import { addHunt } from './commands/hunt.js';
import { addKeys } from './commands/keys.js';
import { addReactor } from './commands/reactor.js';
import { addRestore } from './commands/restore.js';
import { addStart } from './commands/start.js';
import { addViews } from './commands/views.js';
import type { RegisterCommand } from './context.js';
import { CommandFailed, EXIT, EXIT_HELP, type ExitCode } from './exit-codes.js';
import { createOutput } from './output.js';
import { printable, WIDTH } from './table.js';

/** In the order in which `--help` shows them. */
const COMMANDS: readonly RegisterCommand[] = [
  addStart,
  addApps,
  addContact,
  addCheck,
  addKeys,
  addCallbacks,
  addHunt,
  addViews,
  addBackup,
  addRestore,
  addReactor,
  addCopy,
  addConfig,
  addDoctor,
  addCompletion,
];

/**
 * Runs one command line. Never throws: what went wrong is said on standard error.
 * @param args without the names of Node and the program
 * @returns the exit code; undefined for a program that goes on by itself and sets its own
 */
export async function runCli(args: readonly string[]): Promise<ExitCode> {
  const program = createProgram();
  const out = createOutput(process, () => program.opts<{ json?: boolean }>().json === true);
  const ended: { code: ExitCode } = { code: EXIT.ok };
  const context = {
    out,
    config: processConfig,
    exitWith: (code: ExitCode) => {
      ended.code = code;
    },
  };
  for (const register of COMMANDS) register(program, context);
  try {
    await program.parseAsync(args, { from: 'user' });
    return ended.code;
  } catch (error) {
    return explain(error, (line) => {
      out.say(line);
    });
  }
}

function createProgram(): Command {
  return new Command('optledger')
    .description(
      'A consent ledger for messaging. Settings come from the environment: see `optledger config`.',
    )
    .option('--json', 'print the result as JSON, for scripts')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ getOutHelpWidth: () => WIDTH, getErrHelpWidth: () => WIDTH })
    .showHelpAfterError('(add --help to see what is possible)')
    .addHelpText('after', EXIT_HELP)
    .exitOverride();
}

function explain(error: unknown, say: (line: string) => void): ExitCode {
  // Commander has said it already; code 0 is the end of `--help`.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof InvalidConfiguration) {
    say(`✗ Settings of the environment:\n${error.message}`);
    return EXIT.usage;
  }
  say(`✗ ${error instanceof Error ? error.message.split('\n').map(printable).join('\n') : 'unknown fault'}`);
  return error instanceof CommandFailed ? error.code : EXIT.failed;
}

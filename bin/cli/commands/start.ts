import type { Command } from 'commander';
import { examples, type CliContext } from '../context.js';

/** These two are programs of their own: they run in this process and end it in their own way. */
export function addStart(program: Command, { config }: CliContext): void {
  program
    .command('start')
    .description('run everything in one process, as `npm start` does; Ctrl-C or SIGTERM ends it')
    .addHelpText(
      'after',
      examples(
        'optledger start',
        'PORT=8080 DATA_DIR=/srv/optledger optledger start',
        'HOST=0.0.0.0 PUBLIC_URL=https://consent.example.com TEMPORAL_ADDRESS=temporal:7233 optledger start',
      ),
    )
    .action(async () => {
      config();
      await import('../../all.js');
    });
  program
    .command('demo')
    .description('play the whole story against a throw-away instance and print each step')
    .addHelpText('after', examples('optledger demo'))
    .action(async () => {
      config();
      await import('../../demo.js');
    });
}

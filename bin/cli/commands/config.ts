import type { Command } from 'commander';
import { maskedConfig } from '../../config.js';
import { examples, type CliContext } from '../context.js';
import { fields } from '../table.js';

export function addConfig(program: Command, { out, config }: CliContext): void {
  program
    .command('config')
    .description('print the settings in force, secrets masked; `.env.example` lists all variables')
    .addHelpText('after', examples('optledger config', 'PORT=8080 HOST=0.0.0.0 optledger config --json'))
    .action(() => {
      const masked = maskedConfig(config());
      out.result(masked, () => fields(masked));
    });
}

import type { Command } from 'commander';
import { InvalidConfiguration } from '../../config.js';
import { fault } from '../../doctor/finding.js';
import { reportLines, toReport } from '../../doctor/report.js';
import { systemClock } from '../../machine/system-clock.js';
import { examples, type CliContext } from '../context.js';
import { EXIT } from '../exit-codes.js';

export function addDoctor(program: Command, { out, config, exitWith }: CliContext): void {
  program
    .command('doctor')
    .description(
      'look for what is set up wrongly and say how to mend it; reads only, whether an instance runs or not',
    )
    .addHelpText(
      'after',
      `\nIt prints ✓ for what is well, ! for what is probably not meant, ✗ for what does not work.\n${examples(
        'optledger doctor',
        'DATA_DIR=/srv/optledger optledger doctor',
        'optledger doctor --json | jq \'.findings[] | select(.level == "fault")\'',
      )}`,
    )
    .action(async () => {
      const report = toReport(await findAll());
      out.result(report, () => reportLines(report));
      if (!report.ok) exitWith(EXIT.failed);
    });

  async function findAll() {
    try {
      const settings = config();
      // Temporal's client is large; no other command waits for it.
      const { examine } = await import('../../doctor/examine.js');
      const now = (): number => systemClock.now();
      return await examine({ config: settings, nodeVersion: process.versions.node, now });
    } catch (error) {
      if (!(error instanceof InvalidConfiguration)) throw error;
      const remedy = 'correct the variable; `.env.example` lists all of them with what is allowed';
      return error.message.split('\n').map((line) => fault('configuration', line, remedy));
    }
  }
}

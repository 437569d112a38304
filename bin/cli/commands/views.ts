import type { Command } from 'commander';
import { rebuildViews } from '../../../projections/engine/rebuild-views.js';
import type { Config } from '../../config.js';
import { openLedger } from '../../wiring/open-ledger.js';
import { systemClock } from '../../machine/system-clock.js';
import { examples, type CliContext } from '../context.js';
import { stderrProgress } from '../../machine/progress.js';
import { fields } from '../table.js';

export function addViews(program: Command, { out, config }: CliContext): void {
  const views = program.command('views').description('the answers that are folded from the ledger');
  views
    .command('rebuild')
    .description('fold all views anew beside the old ones, then swap; the instance has to be stopped')
    .addHelpText(
      'after',
      examples('optledger views rebuild', 'DATA_DIR=/srv/optledger optledger views rebuild --json'),
    )
    .action(async () => {
      const rebuilt = await rebuild(config(), (line) => {
        out.say(line);
      });
      out.result(rebuilt, () => fields(rebuilt));
    });
}

/** Folds the views anew; the progress goes to `say`. @throws LedgerLocked while an instance runs */
async function rebuild(config: Config, say: (line: string) => void): Promise<{ readonly position: string }> {
  const ledger = await openLedger({ config, clock: systemClock, say });
  const bar = stderrProgress();
  const head = Number(ledger.headPosition());
  try {
    const position = await rebuildViews({
      file: config.viewsFile,
      ledger,
      onProgress: (position) => {
        bar.show('folding', Number(position), head);
      },
    });
    return { position: String(position) };
  } finally {
    bar.end();
    await ledger.close();
  }
}

import type { Command } from 'commander';
import { rebuildViews } from '../../projections/rebuild-views.js';
import type { Config } from '../config.js';
import { openLedger } from '../open-ledger.js';
import { systemClock } from '../system-clock.js';
import { examples, type CliContext } from './context.js';
import { fields } from './table.js';

const SAY_EVERY_MS = 500;

export function registerViews(program: Command, { out, config }: CliContext): void {
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

/** Progress goes to `say`. @throws LedgerLocked while an instance runs */
async function rebuild(config: Config, say: (line: string) => void): Promise<{ readonly position: string }> {
  const ledger = await openLedger({ config, clock: systemClock, say });
  try {
    const head = ledger.headPosition();
    let saidAt = 0;
    const position = await rebuildViews({
      file: config.viewsFile,
      ledger,
      onProgress: (at) => {
        const now = performance.now();
        if (now - saidAt < SAY_EVERY_MS) return;
        saidAt = now;
        say(`${String(at)} of ${String(head)} (${String((at * 100n) / (head === 0n ? 1n : head))} %)`);
      },
    });
    return { position: String(position) };
  } finally {
    await ledger.close();
  }
}

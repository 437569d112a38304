import type { Command } from 'commander';
import type { Compared } from '../../../ledger/copy/compare-ledgers.js';
import { checkSource, copyLedger } from '../../../ledger/copy/copy-ledger.js';
import type { OpenLedger } from '../../wiring/open-ledger.js';
import { stderrProgress } from '../../machine/progress.js';
import { systemClock } from '../../machine/system-clock.js';
import { examples, type CliContext } from '../context.js';
import { copyStore, isSameStore, openSource, openTarget, TOGETHER, type CopyStore } from '../copy-stores.js';
import { CommandFailed, EXIT } from '../exit-codes.js';
import { walkProgress } from '../pace.js';
import { refuseOwed } from '../refuse-owed.js';
import { fields } from '../table.js';

const HELP = `
Stop every process that uses the source first: nothing may be owed and nobody may write. A file that
a process holds is refused; a server tells nobody who is connected, so there only what is written
meanwhile is noticed. The target refuses to be used until the copy has been compared, event by event.
A copy that was broken off goes on where it was when the same command is run again. The root key is
not copied: start with the same one. Views are folded anew, and page tokens of before are refused.
`;

export function addCopy(program: Command, { out }: CliContext): void {
  program
    .command('copy')
    .description('move a ledger from one store to another: every event at its place, compared; resumable')
    .requiredOption('--from <url>', 'sqlite:<file>, esdb://…, or @<file> that holds the URL')
    .requiredOption('--to <url>', 'the same; an empty ledger, or one that this copy was filling')
    .addHelpText(
      'after',
      HELP +
        examples(
          'optledger copy --from sqlite:data/ledger.db --to @/run/secrets/ledger-url',
          'optledger copy --from @/run/secrets/ledger-url --to sqlite:/srv/optledger/ledger.db',
        ),
    )
    .action(async (given: { from: string; to: string }) => {
      const [from, to] = [copyStore(given.from), copyStore(given.to)];
      if (isSameStore(from, to)) throw new CommandFailed(EXIT.usage, '--from and --to are the same store');
      const { events, sha256 } = await copy(from, to);
      const copied = { events, sha256 };
      out.say('! The root key is not in it: start the copy with the one of the source');
      out.result(copied, () => fields(copied));
    });
}

async function copy(from: CopyStore, to: CopyStore): Promise<Compared> {
  const source = await openSource(from);
  try {
    // Before there is a target: an empty file would be taken for a new ledger.
    await checkSource({ ledger: source, cursors: source.cursors });
    const target = await openTarget(to);
    try {
      return await copyOpen(source, target, TOGETHER[to.kind]);
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function copyOpen(source: OpenLedger, target: OpenLedger, together: number): Promise<Compared> {
  const bar = stderrProgress();
  const head = source.headPosition();
  const show = walkProgress(bar, head);
  try {
    return await copyLedger({
      from: {
        ...{ ledger: source, cursors: source.cursors, head },
        refuseOwed: () =>
          refuseOwed(source, (events, position) => {
            show('looking for owed work', events, position);
          }),
      },
      to: { ledger: target, cursors: target.cursors, together },
      clock: systemClock,
      onProgress: show,
    });
  } finally {
    bar.end();
  }
}

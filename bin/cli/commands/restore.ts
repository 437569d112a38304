import { resolve } from 'node:path';
import type { Command } from 'commander';
import { restoreBackup } from '../../backup/restore-backup.js';
import { stderrProgress } from '../../machine/progress.js';
import { systemClock } from '../../machine/system-clock.js';
import { examples, type CliContext } from '../context.js';
import { fields } from '../table.js';

const HELP = `
What the ledger owed when the backup was made may have gone out since. So nothing of it goes out
again: messages end as failed (\`restored\`), replies are dropped, callbacks are parked (\`restored\`),
where they can be seen and replayed. A restore that was broken off goes on when it is run again.`;

export function addRestore(program: Command, { out, config }: CliContext): void {
  program
    .command('restore')
    .description('put a backup into an empty data folder, ready to be started')
    .requiredOption('--from <folder>', 'what `optledger backup` made')
    .option('--data-dir <folder>', 'the data folder, instead of DATA_DIR')
    .addHelpText(
      'after',
      HELP +
        examples(
          'optledger restore --from /backups/optledger-2026-11-24 --data-dir /srv/optledger',
          'ROOT_KEY_FILE=/run/secrets/root.key optledger restore --from backup',
        ),
    )
    .action(async (options: { from: string; dataDir?: string }) => {
      const progress = stderrProgress();
      try {
        const restored = await restoreBackup({
          config: config(options.dataDir === undefined ? {} : { DATA_DIR: options.dataDir }),
          from: resolve(options.from),
          clock: systemClock,
          onProgress: progress.show,
        });
        progress.end();
        out.say(
          `! What was acknowledged after ${restored.madeAt} is not in it: see the README, "Backup and restore"`,
        );
        out.result(restored, () => fields({ ...restored }));
      } finally {
        progress.end();
      }
    });
}

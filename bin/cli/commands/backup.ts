import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { makeBackup, unfinishedBackups, type MadeBackup } from '../../backup/make-backup.js';
import { stderrProgress } from '../../machine/progress.js';
import { systemClock } from '../../machine/system-clock.js';
import { packageFolder } from '../../temporal/temporal-find.js';
import { examples, type CliContext } from '../context.js';
import { Interruption } from '../interruption.js';
import { fields } from '../table.js';

export function addBackup(program: Command, { out, config }: CliContext): void {
  program
    .command('backup')
    .description('copy the ledger and its root key into a new folder; the instance may go on running')
    .requiredOption('--to <folder>', 'a folder that is not there yet, or an empty one')
    .addHelpText(
      'after',
      examples(
        'optledger backup --to /backups/optledger-2026-11-24',
        'DATA_DIR=/srv/optledger optledger backup --to /backups/$(date -u +%FT%H%MZ) --json',
      ),
    )
    .action(async (options: { to: string }) => {
      const to = resolve(options.to);
      for (const folder of unfinishedBackups(to)) {
        out.say(`! ${folder} is of a backup that was broken off, or that is running: delete it if none is`);
      }
      const progress = stderrProgress();
      const interrupted = new Interruption();
      try {
        const made = await makeBackup({
          ...{ config: config(), to, clock: systemClock, version: packageVersion() },
          onProgress: progress.show,
          onBegin: (unfinished) => {
            interrupted.remove(unfinished);
          },
        });
        progress.end();
        for (const line of remarks(made)) out.say(line);
        out.result(made, () => fields({ ...made }));
      } finally {
        progress.end();
        interrupted.over();
      }
    });
}

/** What its owner has to know about the folder. */
function remarks({ folder, rootKey }: MadeBackup): string[] {
  const everyone = `${folder} holds everybody's messages`;
  switch (rootKey) {
    case 'included':
      return [`! ${everyone} and the root key, which opens every secret in it: keep it like one`];
    case 'elsewhere':
      return [`! ${everyone}. The root key is not in it (ROOT_KEY or ROOT_KEY_FILE): keep that one too`];
    case 'missing':
      return [
        `! ${everyone}. NO ROOT KEY WAS FOUND, so it is not in it: it can be restored only with the key that the ` +
          'instance runs with (set ROOT_KEY or ROOT_KEY_FILE for this command to have it checked)',
      ];
  }
}

function packageVersion(): string {
  const file = join(packageFolder(fileURLToPath(import.meta.url)), 'package.json');
  return String((JSON.parse(readFileSync(file, 'utf8')) as { version: unknown }).version);
}

import type { Command } from 'commander';
import { stopDeadline, type Unheard } from '../../../domain/consent/unheard.js';
import { recordUnheard } from '../../../ledger/commands/record-unheard.js';
import { huntLedger } from '../../../ledger/reads/hunt-ledger.js';
import type { Config } from '../../config.js';
import { stderrProgress } from '../../machine/progress.js';
import { systemClock } from '../../machine/system-clock.js';
import { openLedger } from '../../wiring/open-ledger.js';
import { examples, type CliContext } from '../context.js';
import { walkProgress } from '../pace.js';
import { table } from '../table.js';

const HELP = `
Every stored text is read by the keyword sets of all languages, by the app's own words and by the
phrases of today. Listed is who asked, was on no list then, and was opted out of nothing since. The
deadline is ten business days after the first time. It shows what people wrote: mind where you
paste it. Nothing is changed without --apply; the instance has to be stopped.
`;

/** One line of the answer, with the wire's names. */
interface Found {
  readonly first_at: string;
  readonly deadline: string;
  readonly identity: string;
  readonly channel: string;
  readonly list_type: string;
  readonly heard_as: string;
  readonly phrase: string;
  readonly times: number;
  readonly app_id: string;
  readonly event_id: string;
}
const COLUMNS = [
  ...['first_at', 'deadline', 'identity', 'channel', 'list_type', 'heard_as', 'phrase', 'times', 'app_id'],
  'event_id',
] as const satisfies readonly (keyof Found)[];

export function addHunt(program: Command, { out, config }: CliContext): void {
  program
    .command('hunt')
    .description('find who asked for a stop and was not heard; the instance has to be stopped')
    .option('--app <id>', 'only people of this app')
    .option('--csv', 'print the result as CSV')
    .option('--apply', 'opt them out, with what they wrote as evidence')
    .addHelpText(
      'after',
      HELP +
        examples(
          'optledger hunt',
          'optledger hunt --csv > unheard.csv',
          'optledger hunt --app 01J8… --apply',
        ),
    )
    .action(async (options: { app?: string; csv?: boolean; apply?: boolean }) => {
      const apply = options.apply === true;
      const { texts, unheard } = await hunt(config(), { apply, app: options.app }, (line) => {
        out.say(line);
      });
      const found = unheard.map(toFound);
      out.say(`${String(texts)} texts read, ${String(found.length)} people not heard`);
      if (options.csv === true) out.raw(csvOf(found));
      else out.result({ texts, applied: apply, unheard: found }, () => linesOf(found));
    });
}

async function hunt(
  config: Config,
  { apply, app }: { readonly apply: boolean; readonly app: string | undefined },
  say: (line: string) => void,
): Promise<{ readonly texts: number; readonly unheard: readonly Unheard[] }> {
  const ledger = await openLedger({ config, clock: systemClock, say });
  const bar = stderrProgress();
  const show = walkProgress(bar, ledger.headPosition());
  try {
    const onProgress = (events: number, position: bigint): void => {
      show('reading', events, position);
    };
    const { texts, unheard: all } = await huntLedger({ ledger, onProgress });
    const unheard = all.filter(({ appId }) => app === undefined || appId === app);
    if (!apply) return { texts, unheard };
    for (const [n, one] of unheard.entries()) {
      await recordUnheard({ ledger, clock: systemClock }, one);
      bar.show('opting out', n + 1, unheard.length);
    }
    return { texts, unheard };
  } finally {
    bar.end();
    await ledger.close();
  }
}

function toFound(one: Unheard): Found {
  return {
    ...{ first_at: one.firstAt, deadline: stopDeadline(one.firstAt) },
    ...{ identity: one.identity, channel: one.channel, list_type: one.listType },
    ...{ heard_as: one.heardAs, phrase: one.phrase, times: one.times },
    ...{ app_id: one.appId, event_id: one.firstEventId },
  };
}

function linesOf(found: readonly Found[]): readonly string[] {
  if (found.length === 0) return ['everybody who asked was heard'];
  return table(
    ['first asked', 'deadline', 'identity', 'list', 'words'],
    found.map((one) => [one.first_at, one.deadline, one.identity, one.list_type, one.phrase]),
  );
}

/** RFC 4180. A cell that a spreadsheet would take for a formula gets an apostrophe in front: strangers wrote it. */
function csvOf(found: readonly Found[]): string {
  const lines = found.map((one) => COLUMNS.map((column) => cell(String(one[column]))).join(','));
  return `${[COLUMNS.join(','), ...lines].join('\r\n')}\r\n`;
}

function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/u.test(value) ? `'${value}` : value;
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

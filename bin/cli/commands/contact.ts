import { InvalidArgumentError, type Command } from 'commander';
import { chosenApp, clientOf, withApp, type AppOptions } from '../clients.js';
import { readTimeline } from '../read-timeline.js';
import { examples, type CliContext } from '../context.js';
import { table } from '../table.js';
import { mergeTimeline } from '../timeline.js';

const MOST = 1_000;

function limitOf(sent: string): number {
  const limit = Number(sent);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MOST) return limit;
  throw new InvalidArgumentError(`Expected a whole number from 1 to ${String(MOST)}.`);
}

export function addContact(program: Command, context: CliContext): void {
  withApp(
    program
      .command('contact')
      .argument('<identity>', 'a phone number with its country code, or another address')
      .description('what happened with one person: consent changes, messages, callbacks; needs scope read')
      .option('--limit <n>', `the newest so many entries, at most ${String(MOST)}`, limitOf, 100),
  )
    .addHelpText(
      'after',
      `\nOldest first, in the order of its recording. It shows what people wrote: mind where you paste it.\n${examples(
        'optledger contact +46700000001',
        'optledger contact 46700000001 --app 01J8… --limit 20',
        'optledger contact 46700000001 --json | jq \'.entries[] | select(.kind == "consent")\'',
      )}`,
    )
    .action(async (identity: string, { limit, ...options }: AppOptions & { limit: number }) => {
      const client = clientOf(context, options);
      const appId = await chosenApp(client, options);
      const { parts, lists, identity: known } = await readTimeline(client, appId, identity, limit);
      const entries = mergeTimeline(parts, limit);
      const shown = { identity: known, app_id: appId, lists, entries };
      context.out.result(shown, () => [
        ...table(
          ['list', 'now', 'since'],
          lists.map((one) => [
            one.list_type,
            one.opted_out ? 'opted out' : 'not on it',
            one.decided_at ?? '',
          ]),
        ),
        '',
        ...(entries.length === 0
          ? ['nothing is recorded of this identity in this app']
          : table(
              ['recorded', 'what', 'detail'],
              entries.map(({ at, what, detail }) => [at, what, detail]),
            )),
      ]);
    });
}

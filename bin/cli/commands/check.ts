import { Option, type Command } from 'commander';
import { z } from 'zod';
import { chosenApp, clientOf, withApp, type AppOptions } from '../clients.js';
import { examples, type CliContext } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { fields } from '../table.js';

const answer = z.object({
  allowed: z.boolean(),
  reason: z.string(),
  list_type: z.string().optional(),
  event_id: z.string().optional(),
  decided_at: z.string(),
  mode: z.string(),
});

const TYPES = ['marketing', 'notification', 'unknown'] as const;

interface CheckOptions extends AppOptions {
  readonly type: (typeof TYPES)[number];
  readonly channel?: string;
  readonly at?: string;
}

export function addCheck(program: Command, context: CliContext): void {
  withApp(
    program
      .command('check')
      .argument('<identity>', 'a phone number with its country code, or another address')
      .description('whether a message to somebody would leave; exit code 0 yes, 4 no; needs scope read')
      .addOption(new Option('--type <type>', 'content type of the message').choices(TYPES).default('unknown'))
      .option('--channel <channel>', 'how the identity is read; SMS unless told')
      .option('--at <time>', 'at this past moment, RFC 3339, instead of now'),
  )
    .addHelpText(
      'after',
      examples(
        'optledger check +46700000001 --type marketing',
        'optledger check 46700000001 --at 2026-01-31T12:00:00Z --json',
        'optledger check 46700000001 --type marketing && ./send.sh',
      ),
    )
    .action(async (identity: string, { type, channel, at, ...options }: CheckOptions) => {
      const client = clientOf(context, options);
      const path = `/apps/${encodeURIComponent(await chosenApp(client, options))}/consents:check`;
      const found = await client.request(answer, 'POST', path, {
        identity,
        message_content_type: `CONTENT_${type.toUpperCase()}`,
        ...(channel === undefined ? {} : { channel: channel.toUpperCase() }),
        ...(at === undefined ? {} : { at }),
      });
      context.out.result(found, () =>
        fields({
          allowed: found.allowed ? 'yes' : 'no',
          reason: found.reason,
          list: found.list_type,
          'decided by': found.event_id,
          at: found.decided_at,
          mode: found.mode,
        }),
      );
      if (!found.allowed) context.exitWith(EXIT.blocked);
    });
}

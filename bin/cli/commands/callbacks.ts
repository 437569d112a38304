import { Option, type Command } from 'commander';
import { z } from 'zod';
import { query } from '../api-client.js';
import { clientOf } from '../clients.js';
import { withConnection, type ConnectionOptions } from '../connection.js';
import { examples, type CliContext } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { fields, table } from '../table.js';

const callback = z.looseObject({
  id: z.string(),
  app_id: z.string(),
  endpoint_id: z.string(),
  trigger: z.string(),
  event_time: z.string().nullable(),
  state: z.string(),
  attempts: z.number(),
  last_class: z.string().nullable(),
  last_status: z.number().nullable(),
  last_fault: z.string().nullable(),
  next_attempt_at: z.string().nullable(),
  park_reason: z.string().nullable(),
});
type Callback = z.infer<typeof callback>;
const attempt = z.looseObject({
  number: z.number(),
  at: z.string(),
  class: z.string(),
  status: z.number().nullable(),
  fault: z.string().nullable(),
  duration_ms: z.number(),
});
const detail = callback.extend({ attempt_log: z.array(attempt) });
type Detail = z.infer<typeof detail>;
/** The attempt asked for; beyond those made while it is under way, null where none could be made. */
const retried = detail.extend({ retry_attempt: z.number().nullable() });
const page = z.object({ callbacks: z.array(callback), next_page_token: z.string() });

interface ListOptions extends ConnectionOptions {
  readonly state?: string;
  readonly app?: string;
  readonly webhook?: string;
  readonly identity?: string;
  readonly trigger?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit: string;
}

/** Writes what the last request came to, in a few letters. */
const outcome = ({ last_status: status, last_fault: fault, last_class: kind }: Callback): string =>
  status === null ? (fault ?? kind ?? '') : String(status);

export function addCallbacks(program: Command, context: CliContext): void {
  const callbacks = program
    .command('callbacks')
    .description('the delivery log of the webhooks, and its lever');
  addList(callbacks, context);
  addShow(callbacks, context);
  addRetry(callbacks, context);
}

function addList(callbacks: Command, context: CliContext): void {
  withConnection(
    callbacks
      .command('list')
      .description('list them, newest event first; needs scope read')
      .addOption(new Option('--state <state>').choices(['waiting', 'delivered', 'parked']))
      .option('--app <id>', 'of one app')
      .option('--webhook <id>', 'for one webhook')
      .option('--identity <identity>', 'about one person; needs --app')
      .option('--trigger <trigger>', 'OPT_OUT, MESSAGE_DELIVERY …')
      .option('--from <time>', 'of events recorded then or later, RFC 3339')
      .option('--to <time>', 'of events recorded before')
      .option('--limit <n>', 'at most so many, up to 1,000', '50'),
  )
    .addHelpText(
      'after',
      examples(
        'optledger callbacks list --state parked',
        'optledger callbacks list --app demo --identity 46700000001',
        "optledger callbacks list --state parked --json | jq -r '.callbacks[].id'",
      ),
    )
    .action(async ({ state, app, webhook, identity, trigger, from, to, limit, ...options }: ListOptions) => {
      const asked = {
        state,
        app_id: app,
        endpoint_id: webhook,
        identity,
        trigger,
        from,
        to,
        page_size: limit,
      };
      const found = await clientOf(context, options).request(page, 'GET', `/callbacks${query(asked)}`);
      context.out.result(found, () =>
        found.callbacks.length === 0
          ? ['no callback is like that']
          : table(
              ['id', 'event', 'trigger', 'state', 'tries', 'last', 'why'],
              found.callbacks.map((one) => [
                ...[one.id, one.event_time ?? '', one.trigger, one.state],
                ...[String(one.attempts), outcome(one), one.park_reason ?? ''],
              ]),
            ),
      );
      if (found.next_page_token !== '')
        context.out.say(`More than ${limit}: narrow it down, or raise --limit.`);
    });
}

function detailLines(one: Detail): string[] {
  return [
    ...fields({
      ...{ id: one.id, app: one.app_id, webhook: one.endpoint_id, trigger: one.trigger },
      ...{ event: one.event_time ?? undefined, state: one.state, 'parked for': one.park_reason ?? undefined },
      'next try': one.next_attempt_at ?? undefined,
    }),
    '',
    ...(one.attempt_log.length === 0
      ? ['not tried yet']
      : table(
          ['try', 'at', 'outcome', 'status', 'ms', 'fault'],
          one.attempt_log.map((made) => [
            ...[String(made.number), made.at, made.class, made.status === null ? '' : String(made.status)],
            ...[String(made.duration_ms), made.fault ?? ''],
          ]),
        )),
  ];
}

function addShow(callbacks: Command, context: CliContext): void {
  withConnection(
    callbacks
      .command('show')
      .argument('<callback-id>', 'as sent in the header optledger-delivery-id')
      .description('one callback with all its tries; needs scope read'),
  )
    .addHelpText('after', examples('optledger callbacks show 5f0c…', 'optledger callbacks show 5f0c… --json'))
    .action(async (id: string, options: ConnectionOptions) => {
      const found = await clientOf(context, options).request(
        detail,
        'GET',
        `/callbacks/${encodeURIComponent(id)}`,
      );
      context.out.result(found, () => detailLines(found));
    });
}

function addRetry(callbacks: Command, context: CliContext): void {
  withConnection(
    callbacks
      .command('retry')
      .argument('<callback-id>', 'waiting or parked')
      .description('try one now; exit code 0 delivered or under way, 1 not delivered; needs scope admin'),
  )
    .addHelpText(
      'after',
      `\nIt waits up to 20 s for the outcome; a try that takes longer goes on.\n${examples(
        'optledger callbacks retry 5f0c…',
        'optledger callbacks retry 5f0c… --json | jq .state',
      )}`,
    )
    .action(async (id: string, options: ConnectionOptions) => {
      const path = `/callbacks/${encodeURIComponent(id)}:retry`;
      const found = await clientOf(context, options).request(retried, 'POST', path);
      context.out.result(found, () => detailLines(found));
      if (found.state === 'delivered') return;
      if (found.retry_attempt !== null && found.retry_attempt > found.attempts) {
        context.out.say(`Try ${String(found.retry_attempt)} is under way: callbacks show tells its outcome.`);
        return;
      }
      context.out.say(`It was not delivered and is ${found.state}.`);
      context.exitWith(EXIT.failed);
    });
}

import type { Command } from 'commander';
import { z } from 'zod';
import type { ApiClient } from '../api-client.js';
import { clientOf } from '../clients.js';
import { withConnection, type ConnectionOptions } from '../connection.js';
import { examples, type CliContext } from '../context.js';
import { fields, table } from '../table.js';

const app = z.object({
  id: z.string(),
  display_name: z.string(),
  processing_mode: z.string(),
  channel_credentials: z.array(z.object({ channel: z.string() })),
});
type App = z.infer<typeof app>;
const appList = z.object({ apps: z.array(app) });
const consentSettings = z.looseObject({
  enabled: z.boolean(),
  mode: z.string(),
  languages: z.array(z.string()),
  keyword_sets: z.array(z.string()),
});
const channelSettings = z.looseObject({ type: z.string() });
const webhookList = z.object({
  webhooks: z.array(
    z.object({
      id: z.string(),
      target: z.string(),
      target_type: z.string(),
      triggers: z.array(z.string()),
      // The Conversation API shows it in clear; a terminal's history should not.
      secret: z.string().transform((secret) => (secret === '' ? '' : '••••')),
    }),
  ),
});

const channelsOf = ({ channel_credentials: credentials }: App): string =>
  credentials.map(({ channel }) => channel).join(', ');
const collect = (one: string, before: readonly string[]): string[] => [...before, one.toUpperCase()];

export function addApps(program: Command, context: CliContext): void {
  const apps = program.command('apps').description('the apps of a project');
  addList(apps, context);
  addShow(apps, context);
  addCreate(apps, context);
}

function addList(apps: Command, context: CliContext): void {
  withConnection(apps.command('list').description('list them; needs scope read'))
    .addHelpText('after', examples('optledger apps list', "optledger apps list --json | jq -r '.apps[].id'"))
    .action(async (options: ConnectionOptions) => {
      const list = await clientOf(context, options).request(appList, 'GET', '/apps');
      context.out.result(list, () =>
        list.apps.length === 0
          ? ['no apps yet: optledger apps create <name>']
          : table(
              ['id', 'name', 'mode', 'channels'],
              list.apps.map((one) => [one.id, one.display_name, one.processing_mode, channelsOf(one)]),
            ),
      );
    });
}

function addShow(apps: Command, context: CliContext): void {
  withConnection(
    apps
      .command('show')
      .argument('<app>', 'its id')
      .description('one app with its settings and webhooks; needs scope admin'),
  )
    .addHelpText('after', examples('optledger apps show demo', 'optledger apps show demo --json'))
    .action(async (id: string, options: ConnectionOptions) => {
      const shown = await readApp(clientOf(context, options), id);
      context.out.result(shown, () => [
        ...fields({
          id: shown.app.id,
          name: shown.app.display_name,
          channels: channelsOf(shown.app),
          consents: shown.consent_settings.enabled ? shown.consent_settings.mode : 'off',
          languages: shown.consent_settings.languages.join(', '),
          'keyword sets': shown.consent_settings.keyword_sets.join(', '),
          'leaves by': shown.channel_settings.type,
        }),
        '',
        ...(shown.webhooks.length === 0
          ? ['no webhook: nobody is told of a STOP']
          : table(
              ['webhook', 'signed', 'target', 'triggers'],
              shown.webhooks.map((one) => [
                one.id,
                one.secret === '' ? 'no' : 'yes',
                one.target_type === 'HTTP' ? one.target : `muted (${one.target})`,
                one.triggers.join(' '),
              ]),
            )),
      ]);
    });
}

async function readApp(client: ApiClient, id: string) {
  const path = `/apps/${encodeURIComponent(id)}`;
  const [found, consent, channel, { webhooks }] = await Promise.all([
    client.request(app, 'GET', path),
    client.request(consentSettings, 'GET', `${path}/consent-settings`),
    client.request(channelSettings, 'GET', `${path}/channel-settings`),
    client.request(webhookList, 'GET', `${path}/webhooks`),
  ]);
  return { app: found, consent_settings: consent, channel_settings: channel, webhooks };
}

function addCreate(apps: Command, context: CliContext): void {
  withConnection(
    apps
      .command('create')
      .argument('<name>', 'shown in lists')
      .description('make an app that blocks from its first STOP on; needs scope admin')
      .option(
        '--channel <channel>',
        'SMS, WHATSAPP, RCS …; may be given again, the first goes first',
        collect,
        [],
      ),
  )
    .addHelpText(
      'after',
      examples(
        'optledger apps create "Spring sale" --channel SMS',
        'optledger apps create Support --channel WHATSAPP --channel SMS --json',
      ),
    )
    .action(async (name: string, { channel, ...options }: ConnectionOptions & { channel: string[] }) => {
      const made = await clientOf(context, options).request(app, 'POST', '/apps', {
        display_name: name,
        channel_credentials: channel.map((one) => ({ channel: one })),
      });
      context.out.result(made, () =>
        fields({ id: made.id, name: made.display_name, channels: channelsOf(made) }),
      );
      context.out.say('Its messages go to the simulator until PATCH …/channel-settings names another way.');
    });
}

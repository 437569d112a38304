import type { Command } from 'commander';
import { z } from 'zod';
import { createApiClient, type ApiClient } from './api-client.js';
import { connectionOf, withConnection, type ConnectionOptions } from './connection.js';
import type { CliContext } from './context.js';
import { CommandFailed, EXIT } from './exit-codes.js';

/** Opens the instance that a command's options, the environment or `demo.json` name. */
export function clientOf({ config }: CliContext, options: ConnectionOptions): ApiClient {
  return createApiClient(connectionOf(config(), options));
}

/** Adds the options of a command that is about one app of a running instance. */
export function withApp(command: Command): Command {
  return withConnection(
    command.option('--app <id>', 'else OPTLEDGER_APP, else the app of demo.json, else the only one there is'),
  );
}

export interface AppOptions extends ConnectionOptions {
  readonly app?: string;
}

const appIds = z.object({ apps: z.array(z.object({ id: z.string() })) });

/** Finds the app that is meant. @throws CommandFailed where it could be several */
export async function chosenApp(client: ApiClient, { app }: AppOptions): Promise<string> {
  const known = app ?? client.connection.appId;
  if (known !== undefined) return known;
  const { apps } = await client.request(appIds, 'GET', '/apps');
  const [only] = apps;
  if (only !== undefined && apps.length === 1) return only.id;
  const which = apps
    .slice(0, 10)
    .map(({ id }) => id)
    .join(', ');
  throw new CommandFailed(
    EXIT.usage,
    apps.length === 0
      ? 'this project has no app: optledger apps create <name>'
      : `name the app with --app or OPTLEDGER_APP: ${which}${apps.length > 10 ? ', …' : ''}`,
  );
}

import { existsSync, readFileSync } from 'node:fs';
import { InvalidArgumentError, type Command } from 'commander';
import { z } from 'zod';
import type { Config } from '../config.js';
import { CommandFailed, EXIT } from './exit-codes.js';

/** Options of a command that asks a running instance. */
export interface ConnectionOptions {
  readonly url?: string;
  readonly project?: string;
  readonly keyId?: string;
  readonly keySecret?: string;
  readonly keySecretFile?: string;
}

export interface InstanceConnection {
  /** Without a slash at its end. */
  readonly url: string;
  readonly projectId: string;
  /** The app that is meant where a command names none. */
  readonly appId: string | undefined;
  readonly keyId: string;
  readonly keySecret: string;
}

const demoShape = z.object({
  url: z.string(),
  projectId: z.string(),
  appId: z.string(),
  keyId: z.string(),
  keySecret: z.string(),
});

/** Adds the options, and says where the values come from else. */
export function withConnection(command: Command): Command {
  return command
    .option('--url <url>', 'address of the instance, else OPTLEDGER_URL, else DATA_DIR/demo.json', webUrl)
    .option('--project <id>', 'else OPTLEDGER_PROJECT, else demo.json')
    .option('--key-id <id>', 'access key, else OPTLEDGER_KEY_ID, else demo.json')
    .option('--key-secret-file <file>', 'file with its secret, else OPTLEDGER_KEY_SECRET_FILE')
    .option(
      '--key-secret <secret>',
      'the secret itself, else OPTLEDGER_KEY_SECRET; others may see it in `ps`',
    );
}

function webUrl(text: string): string {
  if (/^https?:$/.test(URL.parse(text)?.protocol ?? '')) return text;
  throw new InvalidArgumentError('Expected an http or https URL.');
}

/**
 * Which instance is asked, and as whom: options before the environment before `demo.json`. A key out of `demo.json` is
 * sent to the address out of `demo.json` only.
 * @throws CommandFailed that names what is missing
 */
export function connectionOf({ client, demoFile }: Config, options: ConnectionOptions): InstanceConnection {
  const demo = readDemo(demoFile);
  const keyId = options.keyId ?? client.keyId;
  const url = options.url ?? client.url;
  if (keyId === undefined && (url !== undefined || demo === undefined)) {
    throw missing('--key-id or OPTLEDGER_KEY_ID', demoFile, demo !== undefined);
  }
  const key = keyId === undefined ? demo : { keyId, keySecret: secretOf(client, options) };
  const address = url ?? demo?.url;
  const projectId = options.project ?? client.project ?? demo?.projectId;
  if (key === undefined || address === undefined) throw missing('--url or OPTLEDGER_URL', demoFile, false);
  if (projectId === undefined) throw missing('--project or OPTLEDGER_PROJECT', demoFile, false);
  return {
    url: address.replace(/\/+$/, ''),
    projectId,
    appId: client.app ?? (url === undefined && projectId === demo?.projectId ? demo.appId : undefined),
    keyId: key.keyId,
    keySecret: key.keySecret,
  };
}

function secretOf(client: Config['client'], options: ConnectionOptions): string {
  const file = options.keySecretFile ?? (options.keySecret === undefined ? client.keySecretFile : undefined);
  if (file === undefined) {
    const secret = options.keySecret ?? client.keySecret;
    if (secret !== undefined) return secret;
    throw usage(
      'a key id needs its secret: --key-secret-file <file>, OPTLEDGER_KEY_SECRET_FILE or OPTLEDGER_KEY_SECRET',
    );
  }
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw usage(`the file with the key's secret cannot be read: ${file}`);
  }
}

function readDemo(file: string): z.infer<typeof demoShape> | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return demoShape.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

const usage = (message: string): CommandFailed => new CommandFailed(EXIT.usage, message);

function missing(what: string, demoFile: string, elsewhere: boolean): CommandFailed {
  return usage(
    elsewhere
      ? `give ${what}: the key in ${demoFile} is for the instance that wrote it`
      : `give ${what}, or set DATA_DIR to the folder of an instance with a demo.json (looked for ${demoFile})`,
  );
}

import { join, resolve } from 'node:path';
import { z } from 'zod';
import { isServerUrl } from '../ledger/kurrent/kurrent-url.js';
import { toolEnvironment } from './temporal/temporal-fetch.js';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
const MASK = '••••';
const LOOPBACK_CIDRS = '127.0.0.0/8,::1/128';

const number = (what: string, from: number, to: number) => {
  const error = `expected ${what} from ${String(from)} to ${String(to)}`;
  return z.coerce.number(error).int(error).min(from, error).max(to, error);
};
// A limit that is accepted and not kept would be worse than none.
const notYet = z.coerce.number().max(0, 'expected 0: this limit is not kept yet');
const rate = number('a number per second, 0 for no limit,', 0, 100_000);
const cidr = z
  .string()
  .regex(/^[0-9a-fA-F:.]+\/\d{1,3}$/, 'expected addresses like 10.0.0.0/8, parted by commas');

/** Every environment variable that is read, with its default. An empty value counts as not given. */
const environmentShape = z.object({
  DATA_DIR: z.string().default('data'),
  HOST: z.string().default('127.0.0.1'),
  PORT: number('a port', 0, 65_535).optional(),
  LEDGER_URL: z
    .string()
    .refine(
      (url) => url.startsWith('sqlite:') || isServerUrl(url),
      'expected sqlite:<file>, esdb://[user:password@]host:port or kurrentdb://…',
    )
    .optional(),
  LEDGER_URL_FILE: z.string().optional(),
  SIMULATOR_FILE: z.string().optional(),
  VIEWS_URL: z.string().startsWith('sqlite:', 'expected sqlite:<file>').optional(),
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^\s:]+:\d+$/, 'expected host:port')
    .optional(),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  TEMPORAL_EXECUTABLE: z.string().optional(),
  TEMPORAL_UI_URL: z.url('expected a URL').optional(),
  // Providers sign the URL that they call, so what stands here is compared letter by letter.
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'expected a URL of http or https' })
    .regex(/^[^?#]+$/, 'expected a URL without a query')
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  TOKEN_TTL: number('seconds', 1, 86_400).default(3600),
  ROOT_KEY: z.string().min(32, 'expected at least 32 characters').optional(),
  ROOT_KEY_FILE: z.string().optional(),
  API_RATE: rate.default(0),
  SEND_RATE: notYet.default(0),
  CALLBACK_RATE: notYet.default(0),
  CALLBACK_ALLOW_CIDRS: z.string().optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, `expected one of ${LOG_LEVELS.join(', ')}`).default('warn'),
  OPTLEDGER_URL: z.url('expected a URL').optional(),
  OPTLEDGER_PROJECT: z.string().optional(),
  OPTLEDGER_APP: z.string().optional(),
  OPTLEDGER_KEY_ID: z.string().optional(),
  OPTLEDGER_KEY_SECRET: z.string().optional(),
  OPTLEDGER_KEY_SECRET_FILE: z.string().optional(),
  PATH: z.string().default(''),
  HOME: z.string().default(''),
  XDG_CACHE_HOME: z.string().optional(),
});

/** Which instance the commands ask that work over HTTP, and as whom; what is not given comes from `demo.json`. */
export interface ClientSettings {
  readonly url: string | undefined;
  readonly project: string | undefined;
  readonly app: string | undefined;
  readonly keyId: string | undefined;
  readonly keySecret: string | undefined;
  readonly keySecretFile: string | undefined;
}

export interface Config {
  /** Absolute path. */
  readonly dataDir: string;
  readonly host: string;
  /** Undefined: a free one is chosen and printed. */
  readonly port: number | undefined;
  /** Of the embedded ledger; not used where there is a `ledgerServer`. */
  readonly ledgerFile: string;
  /** Where a KurrentDB or EventStoreDB server is told: by value, or in a file. Undefined: the embedded ledger. */
  readonly ledgerServer:
    { readonly url: string | undefined; readonly urlFile: string | undefined } | undefined;
  readonly lockFile: string;
  readonly viewsFile: string;
  readonly temporalFile: string;
  /** What the simulated phones received; processes of one machine may share it. */
  readonly simulatorFile: string;
  /** Where the root secret comes from: by value, from a file that has to be there, or our own file. */
  readonly rootKey: {
    readonly value: string | undefined;
    readonly file: string | undefined;
    readonly ownFile: string;
  };
  readonly demoFile: string;
  readonly temporal: {
    readonly address: string | undefined;
    readonly namespace: string;
    readonly executable: string | undefined;
    readonly uiUrl: string | undefined;
  };
  readonly publicUrl: string | undefined;
  /** Life of an access token, seconds. */
  readonly tokenTtl: number;
  /** Requests, sends and callbacks per second; 0 is off. */
  readonly rates: { readonly api: number; readonly send: number; readonly callback: number };
  /** Networks that callbacks may reach although they are not public. */
  readonly callbackAllowCidrs: readonly string[];
  readonly logLevel: string;
  readonly client: ClientSettings;
  /** Where look-ups of executables and the cache start. */
  readonly machine: {
    readonly path: string;
    readonly home: string;
    readonly xdgCacheHome: string | undefined;
    /** Settings of Go and of proxies, for fetching or building a Temporal server. */
    readonly tools: Record<string, string>;
  };
}

/** A variable with an unusable value; the message names it and what is allowed, never the value. */
export class InvalidConfiguration extends Error {
  override readonly name = 'InvalidConfiguration';
}

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host.startsWith('127.');

function allowedCidrs(text: string | undefined, host: string): string[] {
  // The evaluation start on loopback lets callbacks reach receivers on the same machine, and says so.
  const wanted = (text ?? (isLoopback(host) ? LOOPBACK_CIDRS : '')).split(',').map((part) => part.trim());
  const parsed = z.array(cidr).safeParse(wanted.filter((part) => part !== ''));
  if (!parsed.success) {
    throw new InvalidConfiguration(`CALLBACK_ALLOW_CIDRS: ${parsed.error.issues[0]?.message ?? 'invalid'}`);
  }
  return parsed.data;
}

/**
 * Reads and checks the environment.
 * @throws InvalidConfiguration naming every variable at fault.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = environmentShape.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new InvalidConfiguration(faults.join('\n'));
  }
  const env = parsed.data;
  const dataDir = resolve(env.DATA_DIR);
  const file = (name: string): string => join(dataDir, name);
  const { LEDGER_URL: ledgerUrl, LEDGER_URL_FILE: ledgerUrlFile } = env;
  const ledgerFile =
    ledgerUrl?.startsWith('sqlite:') === true ? resolve(ledgerUrl.slice(7)) : file('ledger.db');
  return {
    dataDir,
    host: env.HOST,
    port: env.PORT,
    ledgerFile,
    ledgerServer: serverOf(ledgerUrl, ledgerUrlFile),
    lockFile: `${ledgerFile.replace(/\.db$/, '')}.lock`,
    viewsFile: env.VIEWS_URL === undefined ? file('views.db') : resolve(env.VIEWS_URL.slice(7)),
    temporalFile: file('temporal.db'),
    simulatorFile: env.SIMULATOR_FILE === undefined ? file('simulator.db') : resolve(env.SIMULATOR_FILE),
    rootKey: {
      value: env.ROOT_KEY,
      file: env.ROOT_KEY_FILE === undefined ? undefined : resolve(env.ROOT_KEY_FILE),
      ownFile: file('root.key'),
    },
    demoFile: file('demo.json'),
    temporal: {
      address: env.TEMPORAL_ADDRESS,
      namespace: env.TEMPORAL_NAMESPACE,
      executable: env.TEMPORAL_EXECUTABLE,
      uiUrl: env.TEMPORAL_UI_URL,
    },
    publicUrl: env.PUBLIC_URL,
    tokenTtl: env.TOKEN_TTL,
    rates: { api: env.API_RATE, send: env.SEND_RATE, callback: env.CALLBACK_RATE },
    callbackAllowCidrs: allowedCidrs(env.CALLBACK_ALLOW_CIDRS, env.HOST),
    logLevel: env.LOG_LEVEL,
    client: {
      url: env.OPTLEDGER_URL,
      project: env.OPTLEDGER_PROJECT,
      app: env.OPTLEDGER_APP,
      keyId: env.OPTLEDGER_KEY_ID,
      keySecret: env.OPTLEDGER_KEY_SECRET,
      keySecretFile: env.OPTLEDGER_KEY_SECRET_FILE,
    },
    machine: {
      path: env.PATH,
      home: env.HOME,
      xdgCacheHome: env.XDG_CACHE_HOME,
      tools: toolEnvironment(given),
    },
  };
}

function serverOf(url: string | undefined, urlFile: string | undefined): Config['ledgerServer'] {
  if (urlFile !== undefined) return { url: undefined, urlFile: resolve(urlFile) };
  return url !== undefined && isServerUrl(url) ? { url, urlFile: undefined } : undefined;
}

/** The configuration as `optledger config` and the start print it: secrets masked. */
export function maskedConfig(config: Config): Record<string, unknown> {
  const { machine: _machine, rootKey, ledgerServer, client, ...shown } = config;
  const { value, file, ownFile } = rootKey;
  return {
    ...shown,
    // The URL of a server holds a password.
    ...(ledgerServer === undefined ? {} : { ledgerServer: ledgerServer.urlFile ?? 'esdb://••••' }),
    port: config.port ?? 'free',
    rootKey: value === undefined ? (file ?? ownFile) : MASK,
    client: { ...client, keySecret: client.keySecret === undefined ? undefined : MASK },
  };
}

/**
 * Reads the process's own environment. The only place that does.
 * @param changed variables that an option of a command sets
 */
export function processConfig(changed: Readonly<Record<string, string>> = {}): Config {
  return readConfig({ ...process.env, ...changed });
}

/** The own environment with some variables set anew, for a child process. */
export function childEnvironment(
  changed: Readonly<Record<string, string>>,
): Record<string, string | undefined> {
  return { ...process.env, ...changed };
}

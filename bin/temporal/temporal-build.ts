import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describeBuild } from './build-progress.js';
import { runCommand, type CommandResult } from '../machine/run-command.js';
import type { FetchOptions } from './temporal-fetch.js';
import { executableOnPath } from './temporal-find.js';
import { isOlder } from '../machine/versions.js';
import { monotonicMs } from '../machine/system-clock.js';

const OLDEST_GO = '1.26.4';
const PACKAGE = 'github.com/temporalio/cli/cmd/temporal';
const VERSION_VARIABLE = 'github.com/temporalio/cli/internal/temporalcli.Version';
const MINUTE = 60_000;
const REPORT_EVERY_MS = 5_000;

/** Builds the pinned version from source, through the Go module in `tools/temporal`. */
export async function buildTemporal(options: FetchOptions): Promise<string | undefined> {
  const { target, version, say, machine } = options;
  const command = executableOnPath('go', machine.path);
  if (command === undefined) return 'no `go` on PATH';
  if (!existsSync(join(options.moduleDir, 'go.mod'))) return `no Go module in ${options.moduleDir}`;
  const go: Go = { command, options };

  const goVersion = /go(\d+\.\d+(?:\.\d+)?)/.exec(
    (await runGo(go, ['env', 'GOVERSION'], MINUTE)).stdout,
  )?.[1];
  if (goVersion === undefined || isOlder(goVersion, OLDEST_GO)) {
    return `go is ${goVersion ?? 'not usable'}, ${OLDEST_GO} or newer is needed`;
  }
  say(`Temporal: building ${version} with go ${goVersion}; once per user, 4 to 10 minutes on two cores`);

  const packages = await listPackages(go);
  if (typeof packages === 'string') return packages;
  removeLeftovers(target);
  const partial = `${target}.${String(process.pid)}.partial`;
  const flags = ['-v', '-trimpath', '-ldflags', `-s -w -X ${VERSION_VARIABLE}=${version}`];
  const built = await withReports(options, packages.count, (onPackage) =>
    runGo(go, ['build', ...flags, '-o', partial, PACKAGE], 40 * MINUTE, onPackage),
  );
  if (built.code !== 0) return `the build failed (${lastWords(built)})`;
  renameSync(partial, target);
  say(`Temporal: built ${target}`);
  return undefined;
}

interface Go {
  command: string;
  options: FetchOptions;
}

function runGo(
  { command, options }: Go,
  args: string[],
  timeoutMs: number,
  onLine?: () => void,
): Promise<CommandResult> {
  const { path, home, tools } = options.machine;
  return runCommand({
    command,
    args,
    cwd: options.moduleDir,
    env: { ...tools, PATH: path, HOME: home, CGO_ENABLED: '0' },
    timeoutMs,
    ...(onLine === undefined ? {} : { onStderrLine: onLine }),
  });
}

/** How many packages the build compiles. Fetches the sources where they are not in Go's own cache. */
async function listPackages(go: Go): Promise<{ count: number } | string> {
  let fetched = 0;
  const timer = setInterval(() => {
    go.options.progress(`Temporal: fetching sources, ${String(fetched)} modules so far`);
  }, REPORT_EVERY_MS);
  try {
    const listed = await runGo(go, ['list', '-deps', PACKAGE], 15 * MINUTE, () => {
      fetched += 1;
    });
    if (listed.code !== 0) return `its sources could not be had (${lastWords(listed)})`;
    return { count: listed.stdout.trim().split('\n').length };
  } finally {
    clearInterval(timer);
  }
}

/** `go build -v` writes one line per package that it has begun: that is the bar. */
async function withReports<T>(
  { progress }: FetchOptions,
  total: number,
  work: (onPackage: () => void) => Promise<T>,
): Promise<T> {
  const startedAt = monotonicMs();
  let done = 0;
  const timer = setInterval(() => {
    progress(`Temporal: ${describeBuild({ done, total, elapsedMs: monotonicMs() - startedAt })}`);
  }, REPORT_EVERY_MS);
  try {
    return await work(() => {
      done += 1;
    });
  } finally {
    clearInterval(timer);
  }
}

/** A build that was killed leaves its unfinished file; we hold the lock, so every such file is abandoned. */
function removeLeftovers(target: string): void {
  for (const name of readdirSync(dirname(target))) {
    if (name.startsWith(basename(target)) && name.endsWith('.partial')) {
      rmSync(join(dirname(target), name), { force: true });
    }
  }
}

function lastWords({ stderrTail }: CommandResult): string {
  return stderrTail.at(-1) ?? 'no message';
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../../..');

/** How a program ended. */
export interface ProgramRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Environment = Readonly<Record<string, string>>;

/** Runs `optledger` on a data folder, in a process of its own, as an operator does. */
export function runCli(
  dataDir: string,
  args: readonly string[],
  environment: Environment = {},
): Promise<ProgramRun> {
  return run(['dist/bin/cli.js', ...args], { DATA_DIR: dataDir, ...environment });
}

/** A start that is expected to fail. */
export function runStart(dataDir: string, environment: Environment = {}): Promise<ProgramRun> {
  return run(['dist/bin/all.js'], { DATA_DIR: dataDir, ...environment });
}

async function run(
  [program = '', ...args]: readonly string[],
  environment: Environment,
): Promise<ProgramRun> {
  const child = spawn(join(root, 'node_modules/.bin/node'), [join(root, program), ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const read = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => (read[name] += text));
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...read };
}

import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';

/** How one run of `optledger` ended. */
export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const root = resolve(import.meta.dirname, '../../..');
const SETTINGS =
  /^(OPTLEDGER_|DATA_DIR$|HOST$|PORT$|PUBLIC_URL$|TEMPORAL_ADDRESS$|LEDGER_URL$|VIEWS_URL$|ROOT_KEY)/;
/** A start downloads or builds nothing in a test: the command that the whole run uses is named. */
const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !SETTINGS.test(name)));

/**
 * Runs a command as a process of its own, as a user would, and waits for its end.
 * @param environment settings beside those of this machine; none of optledger's is inherited
 */
export function runCli(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  node: string = join(root, 'node_modules/.bin/node'),
): Promise<CliRun> {
  return new Promise((done) => {
    const program = join(root, 'dist/bin/cli.js');
    const options = { env: { ...inherited, ...environment }, timeout: 60_000 };
    execFile(node, [program, ...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      done({ code, stdout, stderr });
    });
  });
}

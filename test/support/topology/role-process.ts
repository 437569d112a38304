import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { waitFor } from '../wait-for.js';

export type RoleName = 'api' | 'reactor' | 'worker';

const root = resolve(import.meta.dirname, '../../..');
const node = join(root, 'node_modules/.bin/node');

/** One process of one role, which may be killed and started again on the same folder and port. */
export interface RoleProcess {
  readonly role: RoleName;
  /** `reactor-2` */
  readonly name: string;
  readonly dataDir: string;
  readonly pid: number;
  /** Where it listens; known since its first start. */
  readonly url: string;
  /** Everything that it wrote, of all its starts. */
  output(): string;
  /** Starts it again, and waits until it is ready. */
  start(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

export interface RoleOptions {
  readonly role: RoleName;
  readonly name: string;
  readonly dataDir: string;
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Another program than the role's own: a TypeScript file, told the role as an argument. */
  readonly entry?: string;
  /** True: it counts as started as well when it has said that it waits for Temporal. */
  readonly mayWait?: boolean;
}

const READY_MS = 90_000;

/** Starts nothing yet: `start` does. */
export function roleProcess(options: RoleOptions): RoleProcess {
  const { role, name, dataDir, port, environment, entry, mayWait = false } = options;
  // What it says of itself last when it has started, see `announce`.
  const hasStarted = mayWait
    ? new RegExp(`^optledger ${role} `, 'm')
    : new RegExp(`optledger ${role} is ready`);
  const program =
    entry === undefined ? [join(root, `dist/bin/${role}.js`)] : ['--import', 'tsx', entry, role];
  const output: string[] = [];
  let child: ChildProcess | undefined;
  const hasEnded = (): boolean => (child?.exitCode ?? child?.signalCode ?? null) !== null;

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    if (child === undefined || hasEnded()) return child?.exitCode ?? null;
    const ended = once(child, 'exit') as Promise<[number | null]>;
    child.kill(signal);
    return (await ended)[0];
  }

  return {
    ...{ role, name, dataDir },
    url: `http://127.0.0.1:${String(port)}`,
    get pid() {
      return child?.pid ?? 0;
    },
    output: () => output.join(''),
    async start() {
      const started = spawn(node, program, {
        env: { ...process.env, ...environment, DATA_DIR: dataDir, PORT: String(port) },
        // It ends when we do, by the loss of this channel.
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      });
      child = started;
      const from = output.length;
      started.stdout?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
      started.stderr?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
      const written = (): string => output.slice(from).join('');
      await waitFor(`${name} is ready`, () => hasEnded() || hasStarted.test(written()), READY_MS).catch(
        (error: unknown) => {
          throw new Error(`${name} wrote:\n${written()}`, { cause: error });
        },
      );
      if (hasEnded()) throw new Error(`${name} ended:\n${written()}`);
    },
    kill: async () => {
      await end('SIGKILL');
    },
    stop: () => end('SIGTERM'),
  };
}

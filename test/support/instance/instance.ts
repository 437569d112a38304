import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Policy } from '../../../bin/wiring/policy.js';
import { readDemo, type DemoFile } from './demo-file.js';
import { startTopology, type Topology } from '../topology/topology.js';
import { waitFor } from '../wait-for.js';

export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** A whole optledger in its own process, as `npm start` runs it. */
export interface Instance extends DemoFile {
  readonly pid: number;
  readonly dataDir: string;
  readonly base: string;
  /** Its processes and engines; undefined where it is one process. */
  readonly topology?: Topology;
  /** Everything the process wrote, for the search for identities. */
  output(): string;
  /** JSON request under Basic auth; `path` is relative to the project. */
  call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer<T>>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL to the process alone. */
  kill(): Promise<void>;
}

export interface InstanceOptions {
  readonly dataDir?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * `shared`: the server that all files of the run share, which saves four seconds of a start and a stop. For tests that
   * are not about Temporal, its end, or what stands in it. On roles the processes of one instance share one anyway.
   */
  readonly temporal?: 'own' | 'shared';
  /** Own process group, so that a test can end the group. */
  readonly detached?: boolean;
  readonly readyTimeoutMs?: number;
  /** What it writes when it has started; that it is ready where nothing is given. */
  readonly readyText?: string;
  /** Longest file that it may write, in KiB: to SQLite the disk is then full. */
  readonly largestFileKb?: number;
  /** Another program than `npm start`'s: a TypeScript file, run as it is. On roles: than the workers'. */
  readonly entry?: string;
  /** Other times than the product's own, see `bin/wiring/policy.ts`. On roles the product keeps its own. */
  readonly policy?: PolicyChanges;
  /** On roles: new messages go to all API processes in turn, see `startProxy`. */
  readonly spread?: boolean;
  /** On roles: else two. What a worker keeps for itself, like tokens, can be counted where there is one. */
  readonly workers?: number;
}

type Changes<T> = { readonly [K in keyof T]?: T[K] extends number ? T[K] : Changes<T[K]> };

/** What differs from the product's times. */
export type PolicyChanges = Changes<Policy>;

/** For a start without Temporal: it need not be waited for. */
export const NOBODY_THERE: PolicyChanges = { temporal: { connectMs: 500 } };

const root = resolve(import.meta.dirname, '../../..');
const node = join(root, 'node_modules/.bin/node');

/** A fresh empty folder for one instance's data. */
export function newDataDir(): string {
  return mkdtempSync(join(tmpdir(), 'optledger-'));
}

/** True: what is started is not one process but two of each role, on a shared ledger server and Temporal. */
export const ON_ROLES = process.env['OPTLEDGER_TOPOLOGY'] === 'roles';

/** Starts an instance and waits until it is ready. */
export async function startInstance(options: InstanceOptions = {}): Promise<Instance> {
  const dataDir = options.dataDir ?? newDataDir();
  if (ON_ROLES) return startOnRoles(dataDir, options);
  const program = programOf(options);
  const limit = options.largestFileKb;
  const [command, args] =
    limit === undefined
      ? [node, program]
      : ['bash', ['-c', `ulimit -f ${String(limit)}; exec "$0" "$@"`, node, ...program]];
  const child = spawn(command, args, {
    env: { ...process.env, DATA_DIR: dataDir, ...temporalOf(options), ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: options.detached ?? false,
  });
  const output: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  const exit = exitOf(child);
  const ready = await waitFor(
    `instance ready; it wrote:\n${output.join('')}`,
    () =>
      (child.exitCode ?? child.signalCode) !== null ||
      output.join('').includes(options.readyText ?? 'optledger is ready'),
    // A program run from its sources bundles the workflows at each start.
    options.readyTimeoutMs ?? (options.entry === undefined ? 60_000 : 120_000),
  );
  if (!ready || child.exitCode !== null)
    throw new Error(`instance ended while starting:\n${output.join('')}`);
  const demoFile = join(dataDir, 'demo.json');
  if (!existsSync(demoFile)) throw new Error('no demo.json');
  const demo = readDemo(dataDir);
  return {
    ...demo,
    pid: child.pid ?? 0,
    dataDir,
    base: `/v1/projects/${demo.projectId}`,
    output: () => output.join(''),
    call: (method, path, body, headers) => call(demo, method, path, body, headers),
    stop: () => {
      child.kill('SIGTERM');
      return exit;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exit;
    },
  };
}

function programOf({ entry, policy }: InstanceOptions): readonly string[] {
  if (entry !== undefined) return ['--import', 'tsx', entry];
  if (policy === undefined) return [join(root, 'dist/bin/all.js')];
  return [join(import.meta.dirname, 'with-policy.mjs'), 'all', JSON.stringify(policy)];
}

function temporalOf({ temporal }: InstanceOptions): Record<string, string> {
  const address = process.env['TEST_TEMPORAL_ADDRESS'];
  return temporal === 'shared' && address !== undefined ? { TEMPORAL_ADDRESS: address } : {};
}

/** An instance that is many processes. */
export interface InstanceOnRoles extends Instance {
  readonly topology: Topology;
}

/** The same instance by another way in, e.g. by one of its API processes instead of the proxy. */
export function reachedAt(instance: Instance, url: string): Instance {
  const there = { ...instance, url };
  return { ...there, call: (method, path, body, headers) => call(there, method, path, body, headers) };
}

/** Starts processes of each role, two where nothing else is asked for. */
export async function startOnRoles(dataDir: string, options: InstanceOptions = {}): Promise<InstanceOnRoles> {
  const { environment = {}, entry: workerEntry, spread = false, largestFileKb, readyText, workers } = options;
  if (largestFileKb !== undefined) throw new Error('not on roles: one process is meant');
  const topology = await startTopology({
    ...{ folder: dataDir, environment, spread, mayWait: readyText !== undefined },
    ...(workers === undefined ? {} : { counts: { worker: workers } }),
    ...(workerEntry === undefined ? {} : { workerEntry }),
  });
  return instanceOn(topology, dataDir);
}

/** Many processes as if they were one. */
export function instanceOn(topology: Topology, dataDir: string): InstanceOnRoles {
  const { demo, processes } = topology;
  // What the commands of the CLI look for.
  writeFileSync(join(dataDir, 'demo.json'), JSON.stringify(demo), { mode: 0o600 });
  return {
    topology,
    ...demo,
    pid: processes[0]?.pid ?? 0,
    dataDir,
    base: `/v1/projects/${demo.projectId}`,
    output: () => processes.map((one) => one.output()).join(''),
    call: (method, path, body, headers) => call(demo, method, path, body, headers),
    stop: async () => (await topology.stop())[0] ?? 0,
    kill: () => topology.kill(),
  };
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((done) =>
    child.once('exit', (code) => {
      done(code);
    }),
  );
}

async function call<T>(
  demo: DemoFile,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer<T>> {
  const url =
    path.startsWith('/v1/') || path.startsWith('/health') || path.startsWith('/metrics')
      ? path
      : `/v1/projects/${demo.projectId}${path}`;
  const answer = await fetch(`${demo.url}${url}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${demo.keyId}:${demo.keySecret}`).toString('base64')}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: (text === '' ? {} : safeJson(text)) as T };
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { text };
  }
}

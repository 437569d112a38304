import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from '../../../bin/machine/free-ports.js';
import { readDemo, type DemoFile } from '../instance/demo-file.js';
import { metric } from '../metrics.js';
import { enginesOf, type Engines } from './engines.js';
import { startProxy, type Proxy } from './proxy.js';
import { roleProcess, type RoleName, type RoleProcess } from './role-process.js';

/** The product as many processes: over a ledger server and a Temporal, behind a proxy. */
export interface Topology {
  readonly engines: Engines;
  readonly proxy: Proxy;
  readonly processes: readonly RoleProcess[];
  of(role: RoleName): readonly RoleProcess[];
  /** The process that is the reactor now. */
  leader(): Promise<RoleProcess | undefined>;
  /** What `demo.json` of the first API process said, with the proxy's URL. */
  readonly demo: DemoFile;
  /** SIGTERM to all at once, engines excepted; resolves with the exit codes that are not 0. */
  stop(): Promise<readonly (number | null)[]>;
  /** SIGKILL to all at once, engines excepted. */
  kill(): Promise<void>;
}

export interface TopologyOptions {
  /** Holds a folder for each process, and the engines' files. */
  readonly folder: string;
  /** Two where nothing is given. */
  readonly counts?: Readonly<Partial<Record<RoleName, number>>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** See `startProxy`. */
  readonly spread?: boolean;
  /** Another program than the workers' own: a TypeScript file, told its role as an argument. */
  readonly workerEntry?: string;
  /** True: without Temporal it starts as well. */
  readonly mayWait?: boolean;
}

const TWO_OF_EACH = { api: 2, reactor: 2, worker: 2 } as const;
const ROLES = ['api', 'reactor', 'worker'] as const;

/** Starts everything, engines first where the folder has none yet; resolves when all are ready. */
export async function startTopology(options: TopologyOptions): Promise<Topology> {
  const { folder, spread = false, workerEntry, mayWait = false } = options;
  const counts = { ...TWO_OF_EACH, ...options.counts };
  const engines = await enginesOf(folder);
  const { PORT: port, ...given } = options.environment ?? {};
  const ports = await freePorts(counts.api + counts.reactor + counts.worker, '127.0.0.1');
  const processes = ROLES.flatMap((role) =>
    Array.from({ length: counts[role] }, (_, n) => {
      const name = `${role}-${String(n + 1)}`;
      const environment = { ...engines.environment, ...given };
      const entry = role === 'worker' && workerEntry !== undefined ? { entry: workerEntry } : {};
      const dataDir = join(folder, name);
      return roleProcess({ role, name, dataDir, port: ports.pop() ?? 0, environment, mayWait, ...entry });
    }),
  );
  const of = (role: RoleName): readonly RoleProcess[] => processes.filter((one) => one.role === role);
  await Promise.all(processes.map((one) => one.start()));
  const urls = of('api').map(({ url }) => url);
  const proxy = await startProxy({
    targets: () => urls,
    spread,
    ...(port === undefined ? {} : { port: Number(port) }),
  });
  const owner = of('api').find(({ dataDir }) => existsSync(join(dataDir, 'demo.json')));
  if (owner === undefined) throw new Error('no API process has written demo.json');
  return {
    ...{ engines, proxy, processes, of },
    demo: { ...readDemo(owner.dataDir), url: given['PUBLIC_URL'] ?? proxy.url },
    async leader() {
      for (const one of of('reactor')) if (await isLeading(one)) return one;
      return undefined;
    },
    async stop() {
      await proxy.close();
      const codes = await Promise.all(processes.map((one) => one.stop()));
      return codes.filter((code) => code !== 0);
    },
    async kill() {
      await Promise.all(processes.map((one) => one.kill()));
      await proxy.close();
    },
  };
}

async function isLeading(reactor: RoleProcess): Promise<boolean> {
  try {
    return (await metric(reactor, 'optledger_reactor_leading')) === 1;
  } catch {
    return false;
  }
}

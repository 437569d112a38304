import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../../bin/machine/free-ports.js';
import { readDemo } from '../../test/support/instance/demo-file.js';
import { startFakeKurrentProcess } from '../../test/support/kurrent/fake-process.js';
import { roleProcess, type RoleProcess } from '../../test/support/topology/role-process.js';
import { cpuSecondsOf } from '../cpu-time.js';
import type { LoadCalls } from '../peers/load-process.js';
import { startPeer, type Peer } from '../peers/peer.js';
import { targetsOf } from '../product.js';
import { profilingEnvironment } from '../profiling.js';
import { repeat, type Bench } from '../repeat.js';
import { comparedFigure, plainFigure, type Figure } from '../result.js';
import { short } from '../table.js';

const COUNTS = [1, 2, 4] as const;
type Count = (typeof COUNTS)[number];
const CONNECTIONS = 64;
const AMOUNT = 4_000;
const WARM_UP = 0.25;
/** Messages that each process takes in before it is measured: it was started for this run, and its code is cold. */
const FIRST_EACH = 1_000;
/** A repetition starts seven processes. */
const LONGEST_MS = 240_000;

/** One run against so many API processes. */
interface Run {
  readonly rate: number;
  /** Seconds of processor time per 1,000: of all API processes, of the ledger's server, of the generator. */
  readonly api: number;
  readonly server: number;
  readonly generator: number;
}

/**
 * Inbound messages acknowledged per second by one, two and four API processes over one ledger server. The server is the
 * tests' protocol fake, so what is measured is how our part scales, not KurrentDB; every process folds every event.
 */
export async function processes(bench: Bench): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'optledger-bench-'));
  const [server, load] = await Promise.all([startFakeKurrentProcess(), startPeer<LoadCalls>('load')]);
  const environment = {
    LEDGER_URL: server.url,
    TEMPORAL_ADDRESS: bench.temporal.address,
    ROOT_KEY: randomBytes(32).toString('base64'),
    LOG_LEVEL: 'warn',
    ...profilingEnvironment(bench.profileTo),
  };
  const ports = await freePorts(Math.max(...COUNTS), '127.0.0.1');
  const all = ports.map((port, n) =>
    roleProcess({
      role: 'api',
      name: `api-${String(n + 1)}`,
      dataDir: join(folder, String(n)),
      port,
      environment,
    }),
  );
  try {
    const measured = await repeat(
      { ...bench, longestMs: LONGEST_MS },
      'processes',
      async (n) => {
        const share = n === 0 ? WARM_UP : 1;
        const runs = new Map<Count, Run>();
        for (const count of COUNTS) {
          const run = `r${String(n)}-${String(count)}`;
          runs.set(count, await against(all.slice(0, count), { load, serverPid: server.pid, run, share }));
        }
        return (count: Count): Run => runs.get(count) as Run;
      },
      (runs) => COUNTS.map((count) => `${String(count)}: ${short(runs(count).rate)}/s`).join(', '),
    );
    return COUNTS.flatMap((count) => figuresOf(count, measured));
  } finally {
    await Promise.all([...all.map((one) => one.stop()), server.stop(), load.stop()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

function figuresOf(count: Count, measured: readonly ((count: Count) => Run)[]): readonly Figure[] {
  const name = `inbound, API processes: ${String(count)}`;
  const pairs = measured.map((runs) => ({ ours: runs(count).rate, floor: runs(1).rate }));
  const part = (of: keyof Run): number[] => measured.map((runs) => runs(count)[of]);
  return [
    comparedFigure(name, '/s', pairs, { what: 'one process', aim: null }),
    plainFigure('  CPU per 1,000, API processes', 's', part('api')),
    plainFigure('  CPU per 1,000, ledger server', 's', part('server')),
    plainFigure('  CPU per 1,000, generator', 's', part('generator')),
  ];
}

interface Given {
  readonly load: Peer<LoadCalls>;
  readonly serverPid: number;
  readonly run: string;
  readonly share: number;
}

/** Starts the processes, loads each with its part, and stops them: one that is idle would fold what the others write. */
async function against(apis: readonly RoleProcess[], { load, serverPid, run, share }: Given): Promise<Run> {
  // The first one makes the demo project, which the others then find.
  for (const api of apis) await api.start();
  const access = readDemo(apis[0]?.dataDir ?? '');
  const cpuOf = (pids: readonly number[]): number =>
    pids.reduce((sum, pid) => sum + (cpuSecondsOf(pid) ?? Number.NaN), 0);
  const seconds = (): [number, number, number] => [
    cpuOf(apis.map(({ pid }) => pid)),
    cpuOf([serverPid]),
    cpuOf([load.pid]),
  ];
  const loadEach = (name: string, amount: number) =>
    Promise.all(
      apis.map(({ url }, n) =>
        load.call('load', {
          ...targetsOf({ ...access, url }).inbound,
          ...{ run: `${run}-${name}-${String(n)}`, connections: CONNECTIONS / apis.length, amount },
          // Each its own phones: two processes on one contact would be in each other's way.
          from: n * amount,
        }),
      ),
    );
  await loadEach('first', Math.round(FIRST_EACH * share));
  const before = seconds();
  const loaded = await loadEach('counted', Math.round((AMOUNT * share) / apis.length));
  const after = seconds();
  await Promise.all(apis.map((api) => api.stop()));
  const acknowledged = loaded.reduce((sum, one) => sum + one.acknowledged, 0);
  const refused = loaded.reduce((sum, one) => sum + one.refused, 0);
  if (refused > 0) throw new Error(`${String(refused)} of ${String(acknowledged + refused)} were refused`);
  const tookMs =
    Math.max(...loaded.map(({ lastMs }) => lastMs)) - Math.min(...loaded.map(({ firstMs }) => firstMs));
  const [api = 0, server = 0, generator = 0] = after.map(
    (value, n) => ((value - (before[n] ?? 0)) * 1_000) / acknowledged,
  );
  return { rate: (acknowledged * 1_000) / tookMs, api, server, generator };
}

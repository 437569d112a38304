import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { processConfig } from '../bin/config.js';
import { obtainTemporal } from '../bin/temporal/temporal-ladder.js';
import { startTemporalServer } from '../bin/temporal/temporal-server.js';
import { callbacks } from './rows/callbacks.js';
import { check } from './check.js';
import { inbound } from './rows/inbound.js';
import { latency } from './rows/latency.js';
import { processes } from './rows/processes.js';
import type { Bench } from './repeat.js';
import type { Figure } from './result.js';
import { sends } from './rows/sends.js';
import { tableOf } from './table.js';

// `npm run bench`: each figure beside a floor of the same machine in the same minutes. Loopback only.

const USUAL = { inbound, sends, callbacks, latency, check } as const;
/** `processes` only when it is asked for: it is about another shape of the product, and takes a minute more. */
const MEASUREMENTS = { ...USUAL, processes } as const;
type Name = keyof typeof MEASUREMENTS;
const NAMES = Object.keys(MEASUREMENTS) as Name[];

const { only, repetitions, json, profile } = new Command('bench')
  .description('Measures optledger on this machine, in about three minutes.')
  .addOption(new Option('--only <name>', 'one measurement').choices(NAMES))
  .option('--repetitions <n>', 'counted repetitions of each, 1 to 50', atMost50, 5)
  .option('--profile <folder>', 'write CPU profiles of the instances there; the figures are worth less then')
  .option('--json', 'print JSON', false)
  .parse()
  .opts<{ only?: Name; repetitions: number; profile?: string; json: boolean }>();

function atMost50(text: string): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 1 || n > 50) throw new InvalidArgumentError('expected 1 to 50');
  return n;
}

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

async function measure(names: readonly Name[]): Promise<Figure[]> {
  const { temporal, machine } = processConfig();
  const executable = temporal.executable ?? (await obtainTemporal({ machine, say })).executable;
  const folder = mkdtempSync(join(tmpdir(), 'optledger-bench-'));
  const server = await startTemporalServer({ executable, dbFile: join(folder, 'temporal.db') });
  const { address, pid: group } = server;
  const bench: Bench = { temporal: { address, group }, repetitions, profileTo: profile, say };
  try {
    const figures: Figure[] = [];
    for (const name of names) figures.push(...(await MEASUREMENTS[name](bench)));
    return figures;
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const machine = {
  processors: `${String(cpus().length)} × ${cpus()[0]?.model ?? 'unknown'}`,
  node: process.version,
  /** Above the number of processors others were at work here too: believe the ratios, not the rest. */
  loadBefore: loadavg()[0] ?? 0,
};
const figures = await measure(only === undefined ? (Object.keys(USUAL) as Name[]) : [only]);
if (json) {
  process.stdout.write(`${JSON.stringify({ machine, figures }, null, 2)}\n`);
} else {
  const { processors, node, loadBefore } = machine;
  process.stdout.write(
    `\n${processors}, Node ${node}, load before ${loadBefore.toFixed(1)}\n\n${tableOf(figures)}\n`,
  );
}

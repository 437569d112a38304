import { cpuSecondsOf } from '../cpu-time.js';
import type { InboundFloorCalls } from '../peers/inbound-floor-process.js';
import type { Load, LoadCalls, Loaded } from '../peers/load-process.js';
import { startPeer, type Peer } from '../peers/peer.js';
import { startProduct } from '../product.js';
import { repeat, type Bench } from '../repeat.js';
import { comparedFigure, plainFigure, type Figure } from '../result.js';
import { short } from '../table.js';

const CONNECTIONS = 64;
const OURS = 6_000;
const FLOOR = 10_000;
const WARM_UP = 0.5;
const FLOOR_IS = 'route + INSERT';

/** Inbound messages acknowledged per second, against the same route that only inserts a row of the same bytes. */
export async function inbound(bench: Bench): Promise<readonly Figure[]> {
  const product = await startProduct(bench.temporal.address, bench.profileTo);
  const [load, floor] = await Promise.all([
    startPeer<LoadCalls>('load'),
    startPeer<InboundFloorCalls>('inbound-floor'),
  ]);
  try {
    const first = await load.call('load', { ...product.inbound, ...loadOf('first', 1), connections: 1 });
    rateOf(first);
    const floorUrl = await floor.call('start', product.lastInboundEvent());
    const measured = await repeat(
      bench,
      'inbound',
      async (n) => {
        const share = n === 0 ? WARM_UP : 1;
        const ours = await timed(product.pid, load, {
          ...product.inbound,
          ...loadOf(`ours${String(n)}`, OURS * share),
        });
        const beganMs = performance.now();
        await product.drained();
        const drainedMs = performance.now() - beganMs;
        const theirs = await timed(floor.pid, load, {
          ...product.inbound,
          url: floorUrl,
          ...loadOf(`floor${String(n)}`, FLOOR * share),
        });
        return { ...ours, ours: ours.rate, floor: theirs.rate, floorCpu: theirs.cpu, drainedMs };
      },
      (one) => `${short(one.ours)}/s, floor ${short(one.floor)}/s, ${short(one.ours / one.floor)}`,
    );
    const cpu = measured.map((one) => ({ ours: one.cpu, floor: one.floorCpu }));
    return [
      comparedFigure('inbound acknowledged', '/s', measured, {
        what: FLOOR_IS,
        aim: { of: 'ratio', atLeast: 0.6 },
      }),
      comparedFigure('  CPU per 1,000, views included', 's', cpu, { what: FLOOR_IS, aim: null }),
      plainFigure(
        '  answer, median of 64 connections',
        'ms',
        measured.map(({ p50 }) => p50),
      ),
      plainFigure(
        '  answer, 99 of 100',
        'ms',
        measured.map(({ p99 }) => p99),
      ),
      plainFigure(
        '  until the views show the last',
        'ms',
        measured.map((one) => one.drainedMs),
      ),
    ];
  } finally {
    await Promise.all([product.stop(), load.stop(), floor.stop()]);
  }
}

function loadOf(
  run: string,
  amount: number,
): { run: string; amount: number; from: number; connections: number } {
  return { run, amount, from: 0, connections: CONNECTIONS };
}

/** One run, and what it cost the process that answered: seconds of processor time per 1,000. */
async function timed(
  pid: number,
  load: Peer<LoadCalls>,
  given: Load,
): Promise<{ rate: number; cpu: number; p50: number; p99: number }> {
  const before = cpuSecondsOf(pid) ?? Number.NaN;
  const loaded = await load.call('load', given);
  const cpu = (((cpuSecondsOf(pid) ?? Number.NaN) - before) * 1_000) / loaded.acknowledged;
  return { rate: rateOf(loaded), cpu, p50: loaded.p50, p99: loaded.p99 };
}

function rateOf({ acknowledged, refused, firstMs, lastMs }: Loaded): number {
  if (refused > 0) throw new Error(`${String(refused)} of ${String(acknowledged + refused)} were refused`);
  return (acknowledged * 1_000) / (lastMs - firstMs);
}

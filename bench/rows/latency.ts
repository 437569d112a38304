import { setTimeout as pause } from 'node:timers/promises';
import type { LoadCalls } from '../peers/load-process.js';
import { startPeer } from '../peers/peer.js';
import { startProduct } from '../product.js';
import type { ReceiverCalls } from '../peers/receiver-process.js';
import { repeat, type Bench } from '../repeat.js';
import { inboundBody } from '../requests.js';
import { comparedFigure, plainFigure, type Figure } from '../result.js';
import { quantile } from '../statistics.js';
import { short } from '../table.js';
import type { WorkflowFloorCalls } from '../peers/workflow-floor-process.js';

/** STOPs per repetition. */
const STOPS = 40;
const WORKFLOWS = 15;
/** So that the work of one STOP, its reply included, is over before the next. */
const REST_MS = 100;

/** From a STOP's acknowledgement to the first byte of its OPT_OUT callback, one at a time. */
export async function latency(bench: Bench): Promise<readonly Figure[]> {
  const product = await startProduct(bench.temporal.address, bench.profileTo);
  const [load, receiver, floor] = await Promise.all([
    startPeer<LoadCalls>('load'),
    startPeer<ReceiverCalls>('receiver'),
    startPeer<WorkflowFloorCalls>('workflow-floor'),
  ]);
  try {
    await product.register(await receiver.call('url', null), ['OPT_OUT']);
    await floor.call('connect', bench.temporal.address);
    let stops = 0;
    const stop = async (): Promise<number> => {
      const body = inboundBody('stop', stops, 'STOP');
      stops += 1;
      const acknowledgedMs = await load.call('one', { ...product.inbound, body });
      const { arrivals } = await receiver.call('reached', { count: stops, timeoutMs: 20_000 });
      return (arrivals[stops - 1] ?? Number.NaN) - acknowledgedMs;
    };
    const measured = await repeat(
      bench,
      'latency',
      async () => {
        const tookMs: number[] = [];
        for (let n = 0; n < STOPS; n += 1) {
          tookMs.push(await stop());
          await pause(REST_MS);
        }
        const workflows = await floor.call('run', { amount: WORKFLOWS, atOnce: 1 });
        return { tookMs, ours: quantile(tookMs, 0.5), floor: quantile(workflows.tookMs, 0.5) };
      },
      (one) => `${short(one.ours)} ms, floor ${short(one.floor)} ms`,
    );
    const all = measured.flatMap(({ tookMs }) => tookMs);
    return [
      comparedFigure('STOP → webhook, p50', 'ms', measured, {
        what: 'one workflow',
        aim: { of: 'ours', atMost: 50 },
      }),
      plainFigure(`  p99 of all ${String(all.length)}`, 'ms', [quantile(all, 0.99)], {
        of: 'ours',
        atMost: 150,
      }),
      plainFigure('  slowest', 'ms', [Math.max(...all)]),
    ];
  } finally {
    await Promise.all([product.stop(), load.stop(), receiver.stop(), floor.stop()]);
  }
}

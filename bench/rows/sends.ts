import { rmSync } from 'node:fs';
import { newDataDir } from '../../test/support/instance/instance.js';
import type { LoadCalls } from '../peers/load-process.js';
import type { NoOpChannelCalls } from '../peers/no-op-channel-process.js';
import { startPeer } from '../peers/peer.js';
import { drained, targetsOf } from '../product.js';
import { repeat, type Bench } from '../repeat.js';
import { comparedFigure, type Figure } from '../result.js';
import { short } from '../table.js';
import type { WorkflowFloorCalls } from '../peers/workflow-floor-process.js';

const CONNECTIONS = 64;
const MESSAGES = 1_500;
const WORKFLOWS = 160;
const WORKFLOWS_AT_ONCE = 50;

/** Messages accepted and handed over per second, against a workflow with one activity for each. */
export async function sends(bench: Bench): Promise<readonly Figure[]> {
  const { address } = bench.temporal;
  const dataDir = newDataDir();
  const [product, load, floor] = await Promise.all([
    startPeer<NoOpChannelCalls>('no-op-channel', {
      environment: { DATA_DIR: dataDir, TEMPORAL_ADDRESS: address, LOG_LEVEL: 'warn' },
      profileTo: bench.profileTo,
    }),
    startPeer<LoadCalls>('load'),
    startPeer<WorkflowFloorCalls>('workflow-floor'),
  ]);
  try {
    const access = await product.call('start', null);
    await floor.call('connect', address);
    const target = targetsOf(access).sends;
    let total = 0;
    const pairs = await repeat(
      bench,
      'sends',
      async (n) => {
        const run = { amount: MESSAGES, connections: CONNECTIONS, run: String(n), from: total };
        total += MESSAGES;
        const handedOver = product.call('reached', { count: total, timeoutMs: 60_000 });
        const loaded = await load.call('load', { ...target, ...run, sendBy: access.appId });
        if (loaded.refused > 0) throw new Error(`${String(loaded.refused)} sends were refused`);
        const ours = (MESSAGES * 1_000) / ((await handedOver) - loaded.firstMs);
        await drained(access.url);
        const { rate } = await floor.call('run', { amount: WORKFLOWS, atOnce: WORKFLOWS_AT_ONCE });
        return { ours, floor: rate };
      },
      (one) => `${short(one.ours)}/s, floor ${short(one.floor)}/s, ${short(one.ours / one.floor)}`,
    );
    await product.call('stop', null);
    return [
      comparedFigure('sends handed over', '/s', pairs, {
        what: 'a workflow each',
        aim: { of: 'ratio', atLeast: 8 },
      }),
    ];
  } finally {
    await Promise.all([product.stop(), load.stop(), floor.stop()]);
    rmSync(dataDir, { recursive: true, force: true });
  }
}

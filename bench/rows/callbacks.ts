import { MOST_CONCURRENT } from '../../activities/callbacks/endpoint-limits.js';
import type { CallbackFloorCalls } from '../peers/callback-floor-process.js';
import { cpuSecondsOf, cpuSecondsOfGroup } from '../cpu-time.js';
import type { LoadCalls } from '../peers/load-process.js';
import { startPeer, type Peer } from '../peers/peer.js';
import { startProduct, type Product } from '../product.js';
import type { ReceiverCalls } from '../peers/receiver-process.js';
import { repeat, type Bench } from '../repeat.js';
import { comparedFigure, plainFigure, type Figure } from '../result.js';
import { short } from '../table.js';

/** Inbound messages under way at the same time while their callbacks are delivered. */
const PUBLISHING = 50;
const CALLBACKS = 3_000;
const FLOOR = 15_000;

/** Signed callbacks per second, from inbound message to receiver, against undici alone posting the same bytes. */
export async function callbacks(bench: Bench): Promise<readonly Figure[]> {
  const product = await startProduct(bench.temporal.address, bench.profileTo);
  const [load, receiver, floor] = await Promise.all([
    startPeer<LoadCalls>('load'),
    startPeer<ReceiverCalls>('receiver'),
    startPeer<CallbackFloorCalls>('callback-floor'),
  ]);
  try {
    const url = await receiver.call('url', null);
    await product.register(url, ['MESSAGE_INBOUND']);
    const measured = await repeat(
      bench,
      'callbacks',
      async (n) => {
        const ours = await deliver(bench, { product, load, receiver }, `run${String(n)}`);
        const sample = await receiver.call('sample', null);
        if (sample === undefined) throw new Error('no callback came');
        const posting = { ...sample, url, amount: FLOOR, connections: MOST_CONCURRENT };
        return { ...ours, floor: await floor.call('post', posting) };
      },
      (one) => `${short(one.ours)}/s, floor ${short(one.floor)}/s, ${short(one.ours / one.floor)}`,
    );
    return [
      comparedFigure('callbacks delivered', '/s', measured, {
        what: 'undici alone',
        aim: { of: 'ours', atLeast: 1_200 },
      }),
      plainFigure(
        '  CPU of ours per 1,000, intake included',
        's',
        measured.map(({ cpuOurs }) => cpuOurs),
      ),
      plainFigure(
        '  CPU of Temporal per 1,000',
        's',
        measured.map(({ cpuTemporal }) => cpuTemporal),
      ),
    ];
  } finally {
    await Promise.all([product.stop(), load.stop(), receiver.stop(), floor.stop()]);
  }
}

interface Measured {
  readonly ours: number;
  /** Seconds per 1,000 callbacks. */
  readonly cpuOurs: number;
  readonly cpuTemporal: number;
}

async function deliver(
  bench: Bench,
  { product, load, receiver }: { product: Product; load: Peer<LoadCalls>; receiver: Peer<ReceiverCalls> },
  run: string,
): Promise<Measured> {
  const cpu = (): [number, number] => [
    cpuSecondsOf(product.pid) ?? Number.NaN,
    cpuSecondsOfGroup(bench.temporal.group) ?? Number.NaN,
  ];
  await receiver.call('reset', null);
  const before = cpu();
  const all = receiver.call('reached', { count: CALLBACKS, timeoutMs: 60_000 });
  const published = { amount: CALLBACKS, connections: PUBLISHING, run, from: 0 };
  const loaded = await load.call('load', { ...product.inbound, ...published });
  const { arrivals, requests } = await all;
  await product.drained();
  const after = cpu();
  if (requests !== CALLBACKS) bench.say(`callbacks: ${String(requests - CALLBACKS)} came more than once`);
  return {
    ours: (CALLBACKS * 1_000) / ((arrivals.at(-1) ?? Number.NaN) - loaded.firstMs),
    cpuOurs: ((after[0] - before[0]) * 1_000) / CALLBACKS,
    cpuTemporal: ((after[1] - before[1]) * 1_000) / CALLBACKS,
  };
}

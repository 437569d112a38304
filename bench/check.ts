import type { LoadCalls } from './peers/load-process.js';
import { startPeer } from './peers/peer.js';
import type { ProbeCalls } from './peers/probe-process.js';
import { startProduct } from './product.js';
import { repeat, type Bench } from './repeat.js';
import { inboundBody, phone } from './requests.js';
import { comparedFigure, type Figure } from './result.js';
import { quantile } from './statistics.js';
import { short } from './table.js';

/** Phones that wrote before, and those of them that wrote STOP. */
const CONTACTS = 2_000;
const STOPS = 100;
const REQUESTS = 4_000;
const CONNECTIONS = 8;

/** How long an answer of `consents:check` takes, against `GET /health/live` of the same instance in the same run. */
export async function check(bench: Bench): Promise<readonly Figure[]> {
  const product = await startProduct(bench.temporal.address, bench.profileTo);
  const [load, probe] = await Promise.all([startPeer<LoadCalls>('load'), startPeer<ProbeCalls>('probe')]);
  try {
    const { url, path, authorization } = product.inbound;
    const everybody = { amount: CONTACTS, connections: CONNECTIONS, run: 'contacts', from: 0 };
    await load.call('load', { ...product.inbound, ...everybody });
    for (let n = 0; n < STOPS; n += 1) {
      await load.call('one', { ...product.inbound, body: inboundBody('stop', n, 'STOP') });
    }
    await product.drained();
    const asked = { url, authorization, amount: REQUESTS, connections: CONNECTIONS };
    const checks = {
      ...asked,
      path: path.replace('/inbound/generic', '/consents:check'),
      bodies: Array.from({ length: CONTACTS }, (_, n) => checkBody(n)),
    };
    const live = { ...asked, path: '/health/live', bodies: [] };
    const measured = await repeat(
      bench,
      'check',
      async () => ({ ours: await probe.call('time', checks), floor: await probe.call('time', live) }),
      (one) => `p99 ${short(quantile(one.ours, 0.99))} ms, live ${short(quantile(one.floor, 0.99))} ms`,
    );
    const at = (share: number) =>
      measured.map(({ ours, floor }) => ({ ours: quantile(ours, share), floor: quantile(floor, share) }));
    const compared = { what: 'GET /health/live', aim: null };
    return [
      comparedFigure('consents:check, p99', 'ms', at(0.99), compared),
      comparedFigure('  p50', 'ms', at(0.5), compared),
    ];
  } finally {
    await Promise.all([product.stop(), load.stop(), probe.stop()]);
  }
}

/** One in twenty of these phones opted out. */
function checkBody(n: number): string {
  return JSON.stringify({ identity: phone(n * 7), message_content_type: 'CONTENT_MARKETING' });
}

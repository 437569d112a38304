import autocannon from 'autocannon';
import { answerParent } from '../instance/asked-child.js';
import type { FloodOrder, FloodReport } from './flood.js';

// The campaign: sends as fast as they are taken, in a process of its own.

/** Phones of the campaign: each gets several messages. */
const PHONES = 50_000;

async function flood(order: FloodOrder): Promise<FloodReport> {
  const { url, path, authorization, connections, appIds } = order;
  // The types of the generator know no runs that a time bounds.
  const limit = ('seconds' in order ? { duration: order.seconds } : { amount: order.amount }) as {
    readonly amount: number;
  };
  let next = 0;
  const setupRequest = (one: Readonly<Record<string, unknown>>) => {
    const n = next++;
    return { ...one, body: sendBody(appIds[n % appIds.length] ?? '', n) };
  };
  const result = await autocannon({
    ...{ url, connections, ...limit, timeout: 60 },
    requests: [
      { method: 'POST', path, headers: { authorization, 'content-type': 'application/json' }, setupRequest },
    ],
  });
  const { p50, p99 } = result.latency;
  return { taken: result['2xx'], refused: result.non2xx, broken: result.errors, p50, p99 };
}

function sendBody(appId: string, n: number): string {
  const identity = `4672${String(n % PHONES).padStart(7, '0')}`;
  return JSON.stringify({
    app_id: appId,
    recipient: { identified_by: { channel_identities: [{ channel: 'SMS', identity }] } },
    message: {
      text_message: { text: `Everything must go, offer ${String(n)}. Reply STOP to hear no more.` },
    },
    message_content_type: 'CONTENT_MARKETING',
  });
}

answerParent<FloodOrder>(flood);

import autocannon from 'autocannon';
import { request } from 'undici';
import { answerCalls } from '../calls.js';
import { monotonicMs } from '../monotonic.js';
import { inboundBody, sendBody } from '../requests.js';

// The generator: many requests at once, or single ones whose answer is timed.

export interface Target {
  readonly url: string;
  readonly path: string;
  readonly authorization: string;
}

export interface Load extends Target {
  readonly connections: number;
  readonly amount: number;
  /** Makes this run's messages different from those of any other. */
  readonly run: string;
  /** Number of the first message. */
  readonly from: number;
  /** Set: messages of this app are sent; else they come in. */
  readonly sendBy?: string;
}

export interface Loaded {
  readonly acknowledged: number;
  /** Anything but a 2xx. */
  readonly refused: number;
  /** When the first request was begun, and when the last answer came (`monotonicMs`). */
  readonly firstMs: number;
  readonly lastMs: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

const headersOf = ({ authorization }: Target) => ({ authorization, 'content-type': 'application/json' });

async function load(given: Load): Promise<Loaded> {
  const { url, path, connections, amount, run, from, sendBy } = given;
  let next = from;
  let lastMs = 0;
  const firstMs = monotonicMs();
  const setupRequest = (one: Readonly<Record<string, unknown>>) => {
    const body = sendBy === undefined ? inboundBody(run, next) : sendBody(sendBy, next);
    next += 1;
    return { ...one, body };
  };
  const running = autocannon({
    ...{ url, connections, amount, timeout: 20 },
    requests: [{ method: 'POST', path, headers: headersOf(given), setupRequest }],
  });
  void running.on('response', () => {
    lastMs = monotonicMs();
  });
  const result = await running;
  const { p50, p99 } = result.latency;
  const refused = result.non2xx + result.errors;
  return { acknowledged: result['2xx'], refused, firstMs, lastMs, p50, p99 };
}

/** One inbound message. @returns when its acknowledgement came (`monotonicMs`) */
async function one(given: Target & { readonly body: string }): Promise<number> {
  const { url, path, body } = given;
  const answer = await request(url + path, { method: 'POST', headers: headersOf(given), body });
  const acknowledgedMs = monotonicMs();
  await answer.body.dump();
  if (answer.statusCode !== 200) throw new Error(`answered ${String(answer.statusCode)}`);
  return acknowledgedMs;
}

const calls = { load, one };
export type LoadCalls = typeof calls;
answerCalls(calls);

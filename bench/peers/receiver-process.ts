import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerCalls } from '../calls.js';
import { monotonicMs } from '../monotonic.js';

// A customer's webhook receiver that answers 200 at once and notes when what arrived.

/** One callback as it stood on the wire. */
export interface Sample {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
interface Waiter {
  readonly count: number;
  readonly reached: () => void;
}

/** Not part of what was signed and sent, but of the connection. */
const OF_THE_CONNECTION = new Set(['host', 'connection', 'content-length', 'transfer-encoding']);

let arrivals: number[] = [];
let requests = 0;
let seen = new Set<string>();
let sample: Sample | undefined;
let waiter: Waiter | undefined;

const server = createServer((request, response) => {
  const atMs = monotonicMs();
  requests += 1;
  const id = String(request.headers['optledger-delivery-id'] ?? requests);
  if (!seen.has(id)) {
    seen.add(id);
    arrivals.push(atMs);
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    sample ??= { headers: ownHeaders(request.headers), body: Buffer.concat(chunks).toString('utf8') };
    response.writeHead(200).end();
    if (waiter !== undefined && seen.size >= waiter.count) waiter.reached();
  });
});

function ownHeaders(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  const own = Object.entries(headers).filter(([name]) => !OF_THE_CONNECTION.has(name));
  return Object.fromEntries(own.map(([name, value]) => [name, String(value)]));
}

/** Begins to count anew. */
function reset(_: null): void {
  arrivals = [];
  requests = 0;
  seen = new Set();
}

/** Waits until that many different callbacks have come. */
async function reached({ count, timeoutMs }: { count: number; timeoutMs: number }): Promise<{
  /** `monotonicMs` of each, in their order. */
  readonly arrivals: readonly number[];
  /** Requests in all, repeats included. */
  readonly requests: number;
}> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new Error(`${String(seen.size)} of ${String(count)} callbacks came`));
  }, timeoutMs);
  const all = new Promise<void>((resolve) => {
    waiter = { count, reached: resolve };
    if (seen.size >= count) resolve();
  });
  try {
    await Promise.race([all, late]);
  } finally {
    clearTimeout(timer);
    waiter = undefined;
  }
  return { arrivals, requests };
}

await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const calls = {
  url: (_: null) => `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/callbacks`,
  reset,
  reached,
  sample: (_: null) => sample,
};
export type ReceiverCalls = typeof calls;
answerCalls(calls);

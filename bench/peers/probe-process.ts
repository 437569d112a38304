import { Pool } from 'undici';
import { answerCalls } from '../calls.js';
import { monotonicMs } from '../monotonic.js';

// Asks some requests at a time and times each answer; finer than the generator's histogram of whole milliseconds.

interface Probe {
  readonly url: string;
  readonly path: string;
  readonly authorization: string;
  /** One after the other, again from the first; none: a GET. */
  readonly bodies: readonly string[];
  readonly amount: number;
  readonly connections: number;
}

const pools = new Map<string, Pool>();

/** @returns milliseconds from writing a request to the end of its answer, for each */
async function time({ url, path, authorization, bodies, amount, connections }: Probe): Promise<number[]> {
  const pool = pools.get(url) ?? new Pool(url, { connections });
  pools.set(url, pool);
  const tookMs: number[] = [];
  let next = 0;
  const loop = async (): Promise<void> => {
    while (next < amount) {
      const body = bodies[next % bodies.length];
      next += 1;
      const headers = {
        authorization,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      };
      const method = body === undefined ? 'GET' : 'POST';
      const beganMs = monotonicMs();
      const answer = await pool.request({ method, path, headers, ...(body === undefined ? {} : { body }) });
      await answer.body.dump();
      tookMs.push(monotonicMs() - beganMs);
      if (answer.statusCode !== 200) throw new Error(`answered ${String(answer.statusCode)}`);
    }
  };
  await Promise.all(Array.from({ length: connections }, loop));
  return tookMs;
}

const calls = { time };
export type ProbeCalls = typeof calls;
answerCalls(calls);

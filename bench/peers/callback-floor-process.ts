import { Pool } from 'undici';
import { answerCalls } from '../calls.js';
import { monotonicMs } from '../monotonic.js';
import type { Sample } from './receiver-process.js';

// The floor of callbacks: undici alone posts the same signed bytes. Nothing is read, decided or recorded.

interface Posting extends Sample {
  readonly url: string;
  readonly amount: number;
  readonly connections: number;
}

let pool: Pool | undefined;

/** @returns requests answered per second */
async function post({ url, amount, connections, headers, body }: Posting): Promise<number> {
  const { origin, pathname: path } = new URL(url);
  pool ??= new Pool(origin, { connections });
  const to = pool;
  const bytes = Buffer.from(body);
  let left = amount;
  const loop = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const answer = await to.request({ method: 'POST', path, headers, body: bytes });
      await answer.body.dump();
      if (answer.statusCode !== 200) throw new Error(`answered ${String(answer.statusCode)}`);
    }
  };
  const beganMs = monotonicMs();
  await Promise.all(Array.from({ length: connections }, loop));
  return (amount * 1000) / (monotonicMs() - beganMs);
}

const calls = { post };
export type CallbackFloorCalls = typeof calls;
answerCalls(calls);

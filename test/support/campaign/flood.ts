import { resolve } from 'node:path';
import { basic } from '../http/raw-http.js';
import { startAskedChild } from '../instance/asked-child.js';
import type { Instance } from '../instance/instance.js';

/** How many sends, or for how long. */
export type FloodSize = { readonly seconds: number } | { readonly amount: number };

/** What the process of the flood is told. */
export type FloodOrder = FloodSize & {
  readonly url: string;
  readonly path: string;
  readonly authorization: string;
  readonly connections: number;
  /** Apps to send by, in turn. */
  readonly appIds: readonly string[];
};

export interface FloodReport {
  /** Sends that were answered 200. */
  readonly taken: number;
  /** Any other answer. */
  readonly refused: number;
  /** No answer. */
  readonly broken: number;
  /** Milliseconds to an answer. */
  readonly p50: number;
  readonly p99: number;
}

/** Hands sends in as fast as they are taken, from a process of its own. */
export async function flood(
  instance: Instance,
  size: FloodSize,
  { connections, appIds }: Pick<FloodOrder, 'connections' | 'appIds'>,
): Promise<FloodReport> {
  const child = startAskedChild<FloodOrder>(resolve(import.meta.dirname, 'flood-main.ts'));
  try {
    const { url, base, keyId, keySecret } = instance;
    const order = { url, path: `${base}/messages:send`, authorization: basic(keyId, keySecret) };
    return (await child.ask({ ...order, ...size, connections, appIds })) as FloodReport;
  } finally {
    await child.end();
  }
}

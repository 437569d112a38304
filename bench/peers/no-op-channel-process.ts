import { pino } from 'pino';
import { POLICY } from '../../bin/wiring/policy.js';
import type { Channel } from '../../channels/channel.js';
import { processConfig } from '../../bin/config.js';
import { startInstance, type Instance } from '../../bin/wiring/instance.js';
import { systemClock } from '../../bin/machine/system-clock.js';
import { answerCalls } from '../calls.js';
import { monotonicMs } from '../monotonic.js';

// A whole instance whose messages go to a channel that takes them all and does nothing. No setting leads to it.

let handedOver = 0;
let waiter: { readonly count: number; readonly reached: (atMs: number) => void } | undefined;
let instance: Instance | undefined;

const channel: Channel = {
  idempotent: false,
  async prepare() {
    return { begin, release: () => undefined };
  },
};

async function begin(): ReturnType<Awaited<ReturnType<Channel['prepare']>>['begin']> {
  handedOver += 1;
  if (waiter !== undefined && handedOver >= waiter.count) waiter.reached(monotonicMs());
  return { outcome: 'taken', handedOverAt: new Date().toISOString(), reports: [] };
}

/** Starts on what the environment says. @returns where it listens, and its demo project */
async function start(_: null) {
  const config = processConfig();
  const logger = pino({ level: config.logLevel }, pino.destination(2));
  const say = (): void => undefined;
  instance = await startInstance({
    ...{ config, clock: systemClock, logger, say, policy: POLICY },
    channelFor: () => channel,
  });
  if (instance.demo === undefined || instance.degraded !== undefined) throw new Error(instance.degraded);
  return { url: instance.url, ...instance.demo };
}

/** Waits until so many were handed over in all. @returns when the last one was (`monotonicMs`) */
async function reached({ count, timeoutMs }: { count: number; timeoutMs: number }): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  waiter = { count, reached: resolve };
  const timer = setTimeout(() => {
    reject(new Error(`${String(handedOver)} of ${String(count)} messages were handed over`));
  }, timeoutMs);
  if (handedOver >= count) resolve(monotonicMs());
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    waiter = undefined;
  }
}

async function stop(_: null): Promise<void> {
  await instance?.stop(() => undefined);
}

const calls = { start, reached, stop };
export type NoOpChannelCalls = typeof calls;
answerCalls(calls);

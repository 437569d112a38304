import type { Instance } from '../instance/instance.js';
import { inbound } from '../story.js';

/** One person who wrote STOP. */
export interface SaidStop {
  readonly identity: string;
  /** Ms since the epoch: just before the request, and when its 200 was there; null where another answer came. */
  readonly sentAt: number;
  readonly ackedAt: number | null;
}

/** A STOP a second, each by another person, until `stop`. */
export function startStops(
  instance: Instance,
  { prefix, appId }: { readonly prefix: string; readonly appId?: string },
): { readonly said: SaidStop[]; stop(): Promise<void> } {
  const said: SaidStop[] = [];
  const running = new Set<Promise<void>>();
  let n = 0;
  async function one(): Promise<void> {
    n += 1;
    const identity = `${prefix}${String(n).padStart(6, '0')}`;
    const sentAt = Date.now();
    const answer = await inbound(instance, identity, 'STOP', appId === undefined ? {} : { appId }).catch(
      () => undefined,
    );
    said.push({ identity, sentAt, ackedAt: answer?.status === 200 ? Date.now() : null });
  }
  const timer = setInterval(() => {
    const work = one().finally(() => running.delete(work));
    running.add(work);
  }, 1_000);
  return {
    said,
    stop: async () => {
      clearInterval(timer);
      await Promise.all(running);
    },
  };
}

/** The value below which a part of them lies; 0 for none. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * part), sorted.length - 1)] ?? 0;
}

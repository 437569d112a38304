import { inbound, send } from './story.js';
import type { Instance } from './instance/instance.js';

/** What was acknowledged with 200 before the instance went away. */
export interface Acknowledged {
  readonly inbound: { readonly identity: string; readonly text: string; readonly messageId: string }[];
  readonly sends: { readonly identity: string; readonly appId: string; readonly messageId: string }[];
}

export interface LoadOptions {
  /** Apps to send by, in turn. */
  readonly apps: readonly string[];
  /** First digits of the phones of this run. */
  readonly prefix: string;
  readonly connections: number;
}

const TEXTS = ['hello', 'STOP MARKETING', 'is this still on?', 'START MARKETING'];

/**
 * Sends and inbound messages, several at a time, until `stop` or until the instance no longer answers.
 * @returns what was acknowledged
 */
export function startLoad(
  instance: Instance,
  { apps, prefix, connections }: LoadOptions,
): { readonly acknowledged: Acknowledged; stop(): Promise<void> } {
  const acknowledged: Acknowledged = { inbound: [], sends: [] };
  let stopped = false;
  let counter = 0;

  async function one(n: number): Promise<void> {
    const identity = `${prefix}${String(n % 500).padStart(4, '0')}`;
    if (n % 2 === 0) {
      const text = TEXTS[(n / 2) % TEXTS.length] ?? '';
      const answer = await inbound(instance, identity, text, { messageId: `${prefix}-${String(n)}` });
      if (answer.status === 200)
        acknowledged.inbound.push({ identity, text, messageId: answer.body.message_id });
      return;
    }
    const appId = apps[((n - 1) / 2) % apps.length] ?? '';
    const answer = await send(instance, identity, 'CONTENT_NOTIFICATION', { app_id: appId });
    if (answer.status === 200)
      acknowledged.sends.push({ identity, appId, messageId: answer.body.message_id });
  }

  async function loop(): Promise<void> {
    while (!stopped) {
      counter += 1;
      try {
        await one(counter);
      } catch {
        // The connection broke: what was under way was not acknowledged.
        return;
      }
    }
  }
  const loops = Array.from({ length: connections }, loop);
  return {
    acknowledged,
    stop: async () => {
      stopped = true;
      await Promise.all(loops);
    },
  };
}

/** One inbound message that was answered 200, and when that answer was here (ms since the epoch). */
export interface TakenInbound {
  readonly messageId: string;
  readonly at: number;
}

/** On a machine that is too slow for the rate it falls behind, instead of drowning it. */
const MOST_AT_ONCE = 256;

/**
 * Inbound messages at a steady rate, one in ten of them STOP; until `stop`.
 * @returns what was acknowledged, and the status of every other answer, 0 where none came
 */
export function startInboundAt(
  perSecond: number,
  instance: Instance,
  { appId, prefix }: { readonly appId: string; readonly prefix: string },
): { readonly taken: TakenInbound[]; readonly others: number[]; stop(): Promise<void> } {
  const taken: TakenInbound[] = [];
  const others: number[] = [];
  const running = new Set<Promise<void>>();
  const began = Date.now();
  let sent = 0;

  async function one(n: number): Promise<void> {
    const identity = `${prefix}${String(n).padStart(6, '0')}`;
    try {
      const answer = await inbound(instance, identity, n % 10 === 0 ? 'STOP' : 'hello', { appId });
      if (answer.status === 200) taken.push({ messageId: answer.body.message_id, at: Date.now() });
      else others.push(answer.status);
    } catch {
      // The connection broke: it was not acknowledged.
      others.push(0);
    }
  }
  const timer = setInterval(() => {
    const due = ((Date.now() - began) / 1000) * perSecond;
    for (; sent < due && running.size < MOST_AT_ONCE; sent++) {
      const work = one(sent).finally(() => running.delete(work));
      running.add(work);
    }
  }, 10);
  return {
    taken,
    others,
    stop: async () => {
      clearInterval(timer);
      await Promise.all(running);
    },
  };
}

import { inbound, send } from './story.js';
import type { Instance } from './instance.js';

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

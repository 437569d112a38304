import type { Clock } from '../domain/clock.js';
import type { Channel, HandOverOutcome, OutboundMessage } from './channel.js';
import { openSimulatorStore, type SimulatorPage, type SimulatorStore } from './simulator-store.js';

/** The simulated phones, where everything ends that an app on the channel `simulator` sends. */
export interface Simulator {
  readonly channel: Channel;
  /** Calls of one app, oldest hand-over first. `after`: 0, or the last page's `next`. `limit`: 1–1,000. */
  page(appId: string, read: { readonly after: number; readonly limit: number }): SimulatorPage;
  close(): void;
}

/**
 * Opens the simulator. Every call is one row, durable before it answers, never merged or pruned; a repeated message is a
 * second row.
 * @param file its own SQLite file, created when it is not there
 */
export function openSimulator({ file, clock }: { readonly file: string; readonly clock: Clock }): Simulator {
  const store = openSimulatorStore(file);
  return {
    channel: {
      idempotent: false,
      prepare: (message) =>
        Promise.resolve({ begin: () => receive(store, message, clock.now()), release: () => undefined }),
    },
    page: (appId, read) => store.page(appId, read),
    close: () => {
      store.close();
    },
  };
}

async function receive(
  store: SimulatorStore,
  message: OutboundMessage,
  handedOverAt: number,
): Promise<HandOverOutcome> {
  const { appId, messageId, channel, identity, sender, text, kind, attempt } = message;
  await store.add({ appId, messageId, channel, identity, sender, text, kind, attempt, handedOverAt });
  const at = new Date(handedOverAt).toISOString();
  return { outcome: 'taken', handedOverAt: at, reports: ['QUEUED_ON_CHANNEL', 'DELIVERED'] };
}

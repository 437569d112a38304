import type { Clock } from '../domain/clock.js';
import { channelSecretContext } from '../domain/seal-contexts.js';
import type { AppState } from '../domain/settings.js';
import type { Channel } from './channel.js';
import type { HttpSender } from './http-sender.js';
import { createHttpChannel } from './http.js';
import { createSigner } from './signer.js';
import { createSlotPool, type SlotPool } from './slot-pool.js';

/** Calls that may be under way at once per process and channel: it bounds what can be unknown after a crash. */
export const DEFAULT_CONCURRENCY = 64;

export interface ChannelDeps {
  /** The simulator's channel; null where no app can be on it. */
  readonly simulator: Channel | null;
  readonly http: HttpSender;
  readonly clock: Clock;
  readonly newNonce: () => string;
  /** Opens a sealed secret; throws when it was sealed elsewhere or by another key. */
  readonly open: (sealed: string, context: string) => string;
  readonly concurrency?: number;
}

/** Knows how each app's messages leave. */
export interface Channels {
  /** @returns undefined when the app's channel does not exist in this process. @throws what `open` throws */
  choose(app: AppState): Channel | undefined;
}

interface Chosen {
  readonly settings: string;
  readonly channel: Channel;
}

/** Keeps one channel per app while its settings stay the same, and its slots also when they change. */
export function createChannels(deps: ChannelDeps): Channels {
  const chosen = new Map<string, Chosen>();
  const slots = new Map<string, SlotPool>();

  function slotsOf(appId: string): SlotPool {
    const known = slots.get(appId) ?? createSlotPool(deps.concurrency ?? DEFAULT_CONCURRENCY);
    slots.set(appId, known);
    return known;
  }

  return {
    choose({ appId, channel: settings }) {
      if (settings.type === 'simulator') return deps.simulator ?? undefined;
      const text = JSON.stringify(settings);
      const known = chosen.get(appId);
      if (known?.settings === text) return known.channel;
      const { url, sealedSecret, idempotent } = settings;
      const signer = createSigner(deps.open(sealedSecret, channelSecretContext(appId)));
      const channel = createHttpChannel({ ...deps, slots: slotsOf(appId) }, { url, signer, idempotent });
      chosen.set(appId, { settings: text, channel });
      return channel;
    },
  };
}

import type { Clock } from '../domain/clock.js';
import type { AppState, ChannelSettings } from '../domain/settings.js';
import type { Channel } from './channel.js';
import { createTokenSource } from './client-token.js';
import type { HttpSender } from '../http-client/http-sender.js';
import { createHttpChannel } from './http.js';
import { createSigner } from './signer.js';
import { secretsOf } from './provider/app-secrets.js';
import { providerOf } from './providers.js';
import { createSlotPools } from './slot-pool.js';

/** Calls that may be under way at once per process and channel: it bounds what can be unknown after a crash. */
export const DEFAULT_CONCURRENCY = 64;
/** A token that a provider gave is renewed so long before it ends: clocks differ, and a hand-over takes a while. */
const RENEW_BEFORE_MS = 60_000;

export interface ChannelDeps {
  /** The simulator's channel; null where no app can be on it. */
  readonly simulator: Channel | null;
  readonly http: HttpSender;
  readonly clock: Clock;
  readonly newNonce: () => string;
  /** Opens a sealed secret; throws when it was sealed elsewhere or by another key. */
  readonly open: (sealed: string, context: string) => string;
  /** Where the world reaches us, without a slash at the end; null where nobody outside does. */
  readonly publicUrl: string | null;
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
  const slots = createSlotPools(deps.concurrency ?? DEFAULT_CONCURRENCY);
  const tokens = createTokenSource({ ...deps, renewBeforeMs: RENEW_BEFORE_MS });

  function make(appId: string, settings: Exclude<ChannelSettings, { type: 'simulator' }>): Channel {
    const secrets = secretsOf(appId, deps.open);
    const parts = { ...deps, slots: slots.of(appId), tokens };
    switch (settings.type) {
      case 'http': {
        const { url, sealedSecret, idempotent } = settings;
        return createHttpChannel(parts, {
          url,
          signer: createSigner(secrets.channel(sealedSecret)),
          idempotent,
        });
      }
      default: {
        const { publicUrl } = deps;
        return providerOf(settings.type).openChannel(settings, { appId, publicUrl, secrets }, parts);
      }
    }
  }

  return {
    choose({ appId, channel: settings }) {
      if (settings.type === 'simulator') return deps.simulator ?? undefined;
      const text = JSON.stringify(settings);
      const known = chosen.get(appId);
      if (known?.settings === text) return known.channel;
      const channel = make(appId, settings);
      chosen.set(appId, { settings: text, channel });
      return channel;
    },
  };
}

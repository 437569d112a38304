import type { Logger } from 'pino';
import { createGuardedHttp, type GuardedHttp } from '../../http-client/guarded-http.js';
import type { ChannelFor } from '../../activities/messages/decision-facts.js';
import { createActivities, type AllActivities } from '../../activities/index.js';
import { createCallbackPoster, type CallbackPoster } from '../../activities/callbacks/callback-poster.js';
import { createAddressGuard } from '../../http-client/address-guard.js';
import { createChannels } from '../../channels/choose-channel.js';
import type { Clock } from '../../domain/clock.js';
import type { Ledger } from '../../ledger/ledger.js';
import type { Config } from '../config.js';
import type { Policy } from './policy.js';
import type { Store } from './store.js';
import { newUuid } from '../machine/chance.js';
import { monotonicMs } from '../machine/system-clock.js';

/** What the workflows may do to the world. */
export interface Effects {
  readonly activities: AllActivities;
  readonly poster: CallbackPoster;
  close(): Promise<void>;
}

export interface EffectsDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: Store;
  readonly logger: Logger;
  readonly policy: Policy;
  /** For tests, which plant a fault here: what the activities of messages see of the ledger. No setting leads to it. */
  readonly through?: (ledger: Ledger) => Ledger;
  /** For measurements: hands messages over instead of the apps' own channels. No setting leads to it. */
  readonly channelFor?: ChannelFor;
}

/** Wires the activities to ledger, channels and HTTP. Hand-overs and callbacks have a client each. */
export function createEffects(deps: EffectsDeps): Effects {
  const { config, clock, store, logger, policy, through } = deps;
  const { batch } = policy;
  const { ledger, rootKey, simulator } = store;
  const guard = createAddressGuard(config.callbackAllowCidrs);
  const client = (): GuardedHttp => createGuardedHttp({ guard, nowMs: monotonicMs });
  const forMessages = client();
  const forCallbacks = client();
  const open = (sealed: string, context: string): string => rootKey.open(sealed, context);
  // A ULID of the library costs 30 µs, a UUID less than one.
  const newNonce = newUuid;
  const channels = createChannels({
    ...{ simulator: simulator.channel, http: forMessages, clock, newNonce, open },
    publicUrl: config.publicUrl ?? null,
  });
  const poster = createCallbackPoster({
    ...{ ledger, clock, http: forCallbacks, open, newNonce, batch },
    times: policy.callbacks,
  });
  const activities = createActivities({
    ledger: through?.(ledger) ?? ledger,
    clock,
    newId: newUuid,
    channelFor: deps.channelFor ?? ((app) => channels.choose(app)),
    poster,
    batch,
    onFault: ({ id, code, error }) => {
      // The name only: a message of a foreign library may quote what it was given.
      logger.error(
        { id, code, fault: error instanceof Error ? error.name : 'unknown' },
        'an activity failed',
      );
    },
  });
  return {
    activities,
    poster,
    close: async () => {
      await Promise.all([forMessages.close(), forCallbacks.close()]);
    },
  };
}

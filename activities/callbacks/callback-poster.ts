import { createTokenSource } from '../../channels/client-token.js';
import type { Clock } from '../../domain/clock.js';
import type { OwedCallback } from '../../domain/owed.js';
import type { HttpSender } from '../../http-client/http-sender.js';
import type { Ledger } from '../../ledger/ledger.js';
import { createCallbackOrder } from './callback-order.js';
import { createCallbackRunner } from './callback-runner.js';
import { createTargetReader } from './callback-targets.js';
import { asCallbackFault, type CallbackResult } from './callback-types.js';
import { createEndpointLimits } from './endpoint-limits.js';
import { postCallback, type PostingParts } from './post-callback.js';
import { postCallbacks, type BatchOptions } from './post-callbacks.js';
import type { BatchTimes, CallbackTimes } from '../times.js';

export interface CallbackPosterDeps {
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** This client is used for callbacks only, because `abort` ends everything that it does. */
  readonly http: HttpSender & { abort(): void };
  /** Opens a sealed secret; throws when it was sealed elsewhere or by another key. */
  readonly open: (sealed: string, context: string) => string;
  /** A fresh value for each request, e.g. a ULID. */
  readonly newNonce: () => string;
  readonly times: CallbackTimes;
  readonly batch: BatchTimes;
}

/** Posts callbacks, and records in the ledger what becomes of each. */
export interface CallbackPoster {
  /** Makes first tries in a batch of at most 200; never rejects. See `postCallbacks`. */
  postCallbacks(
    items: readonly OwedCallback[],
    signal?: AbortSignal,
    options?: Pick<BatchOptions, 'lookUp'>,
  ): Promise<readonly CallbackResult[]>;
  /**
   * Makes one try of one callback, after a look at its progress; joins a request that is under way in this process.
   * @param runningUntil what a batch said of this callback (RFC 3339): before that, another process may be at it,
   * so nothing is begun and `running` comes back
   * @throws CallbackFault, its message a code; the caller repeats
   */
  postCallback(item: OwedCallback, runningUntil?: string): Promise<CallbackResult>;
  /** Begins nothing more, aborts after so many ms what is still under way; resolves when nothing is. */
  abort(afterMs: number): Promise<void>;
}

/** Makes the poster of this process, with all that its callbacks share. */
export function createCallbackPoster(deps: CallbackPosterDeps): CallbackPoster {
  const order = createCallbackOrder(deps);
  const tokens = createTokenSource(deps);
  const runner = createCallbackRunner({ ...deps, tokens }, (callbackId) => {
    order.ended(callbackId);
  });
  const limits = createEndpointLimits(deps);
  const parts: PostingParts = { ...deps, runner, order, limits, readTargets: createTargetReader(deps) };
  return {
    postCallbacks: (items, signal, options) => postCallbacks(parts, items, { signal, ...options }),
    postCallback: (item, runningUntil) =>
      postCallback(parts, item, runningUntil).catch((error: unknown) => {
        throw asCallbackFault(error);
      }),
    async abort(afterMs) {
      const timer = setTimeout(() => {
        deps.http.abort();
      }, afterMs);
      await runner.stop();
      clearTimeout(timer);
    },
  };
}

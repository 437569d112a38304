import { setTimeout as pause } from 'node:timers/promises';
import type { HttpSender } from '../../http-client/http-sender.js';
import type { Clock } from '../../domain/clock.js';
import type { OwedCallback } from '../../domain/owed.js';
import type { Ledger } from '../../ledger/ledger.js';
import { readHistory, standingResult } from './callback-history.js';
import { postItem, type ItemReads } from './callback-item.js';
import { createCallbackOrder } from './callback-order.js';
import { createCallbackRunner } from './callback-runner.js';
import { readContents } from './callback-sources.js';
import { createTargetReader } from './callback-targets.js';
import { createTokenSource } from '../../channels/client-token.js';
import { asCallbackFault, CallbackFault, type CallbackResult } from './callback-types.js';
import { createEndpointLimits, type EndpointGate } from './endpoint-limits.js';
import { postCallbacks, type BatchDeps, type BatchOptions } from './post-callbacks.js';

export interface CallbackPosterDeps {
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** Used for callbacks only: `abort` ends all that it does. */
  readonly http: HttpSender & { abort(): void };
  /** Opens a sealed secret; throws when it was sealed elsewhere or by another key. */
  readonly open: (sealed: string, context: string) => string;
  /** A fresh value for each request, e.g. a ULID. */
  readonly newNonce: () => string;
}

/** Posts callbacks, and records in the ledger what becomes of each. */
export interface CallbackPoster {
  /** First tries in a batch of at most 200; never rejects. See `postCallbacks`. */
  postCallbacks(
    items: readonly OwedCallback[],
    signal?: AbortSignal,
    options?: Pick<BatchOptions, 'lookUp'>,
  ): Promise<readonly CallbackResult[]>;
  /**
   * One try of one callback, after a look at what stands; joins a request that is under way in this process.
   * @param runningUntil what a batch said of this callback (RFC 3339): before that, another process may be at it,
   * so nothing is begun and `running` comes back
   * @throws CallbackFault, its message a code; the caller repeats
   */
  postCallback(item: OwedCallback, runningUntil?: string): Promise<CallbackResult>;
  /** Begins nothing more, aborts after so many ms what is still under way; resolves when nothing is. */
  abort(afterMs: number): Promise<void>;
}

/** A next attempt that is so near is waited for here: the timers of two machines differ a little. */
const NEAR_MS = 2_000;
/** How long a single item waits for a place at its endpoint, and when it looks again after that. */
const PATIENCE_MS = 5_000;
const LOOK_AGAIN_MS = 2_000;

export function createCallbackPoster(deps: CallbackPosterDeps): CallbackPoster {
  const order = createCallbackOrder(deps);
  const tokens = createTokenSource(deps);
  const runner = createCallbackRunner({ ...deps, tokens }, (callbackId) => {
    order.ended(callbackId);
  });
  const limits = createEndpointLimits(deps.clock);
  const batch: BatchDeps = { ...deps, runner, order, limits, readTargets: createTargetReader(deps) };
  return {
    postCallbacks: (items, signal, options) => postCallbacks(batch, items, { signal, ...options }),
    postCallback: (item, runningUntil) =>
      postOne(batch, item, runningUntil).catch((error: unknown) => {
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

async function postOne(
  deps: BatchDeps,
  item: OwedCallback,
  runningUntil: string | undefined,
): Promise<CallbackResult> {
  const { clock, runner, ledger } = deps;
  const { callbackId } = item;
  const underWay = runner.underWay(callbackId);
  if (underWay !== undefined) return underWay.result;
  if (runner.stopping) throw new CallbackFault('stopping');
  const history = await readHistory(ledger, callbackId);
  const { attempts } = history;
  const standing = standingResult(callbackId, history, clock.now());
  if (standing !== null && !(await isNear(clock, standing))) return standing;
  if (attempts === 0 && runningUntil !== undefined && clock.now() < Date.parse(runningUntil)) {
    return { callbackId, state: 'running', attempts, until: runningUntil };
  }
  const until = await deps.order.blockedUntil(item, runner);
  if (until !== null) return { callbackId, state: 'behind', attempts, until };

  const gate = deps.limits.of(item.endpointId);
  const lastMs = clock.now() + PATIENCE_MS;
  const given = gate.tryTake() || (await takePatiently(gate, clock));
  if (!given) {
    return { callbackId, state: 'behind', attempts, until: new Date(lastMs + LOOK_AGAIN_MS).toISOString() };
  }
  return postItem(deps, { item, gate, reads: ownReads(deps) }, () => false);
}

/** Waits for a next attempt that is due at once. */
async function isNear(clock: Clock, standing: CallbackResult): Promise<boolean> {
  if (standing.state !== 'waiting') return false;
  const waitMs = Date.parse(standing.nextAttemptAt) - clock.now();
  if (waitMs > NEAR_MS) return false;
  // A timer may be a little early by the clock's count.
  await pause(Math.max(0, waitMs) + 2);
  return true;
}

async function takePatiently(gate: EndpointGate, clock: Clock): Promise<boolean> {
  const patience = { over: false };
  const { promise: over, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => {
    resolve(false);
  }, PATIENCE_MS);
  const taken = gate.take(() => patience.over);
  const given = await Promise.race([taken, over]);
  clearTimeout(timer);
  patience.over = true;
  if (!given) {
    // A place that was given in the very turn in which the patience ended goes back.
    void taken.then((late) => {
      if (late) gate.end(null, clock.now());
    });
  }
  return given;
}

function ownReads(deps: BatchDeps): ItemReads {
  return {
    history: (item) => readHistory(deps.ledger, item.callbackId),
    targets: ({ appId }) => deps.readTargets(appId),
    content: async ({ stream, revision }) => {
      const content = (await readContents(deps.ledger, stream, [revision])).get(revision);
      if (content === undefined || content instanceof CallbackFault) {
        throw content ?? new CallbackFault('event-missing');
      }
      return content;
    },
  };
}

import {
  streamNameFilter,
  type AllStreamResolvedEvent,
  type AllStreamSubscription,
  type EventStoreDBClient,
} from '@eventstore/db-client';
import type { LedgerUnavailable } from '../errors.js';
import { CATEGORIES } from './kurrent-events.js';
import { readFault } from './kurrent-errors.js';
import type { KurrentCredentials } from './kurrent-url.js';
import { START, type Position } from '../ledger.js';

/** One subscription on the server, from one position on, until it breaks. */
export interface KurrentTail {
  /** Takes the next event that came; undefined where none has come yet. */
  next(): AllStreamResolvedEvent | undefined;
  /** Whether `next` has something to give. */
  waiting(): boolean;
  /** How far the server looked: everything of ours up to here has been given to `next` once that answers undefined. */
  crossed(): Position;
  /** True once the server has said that nothing newer is there. */
  live(): boolean;
  /** Resolves when `next`, `crossed` or `live` may say something new, the tail broke or was closed. */
  changed(): Promise<void>;
  /** What broke it. */
  fault(): LedgerUnavailable | undefined;
  close(): void;
}

export interface TailOptions {
  readonly after: Position;
  readonly credentials: KurrentCredentials;
  /** A server that does not confirm within this time is not there. */
  readonly confirmMs: number;
}

/**
 * Subscribes to our streams. Nothing is repeated or awaited in the client's callbacks: it calls them before the events
 * that came earlier have been taken, and swallows what they throw.
 */
export function openTail(
  client: EventStoreDBClient,
  { after, credentials, confirmMs }: TailOptions,
): KurrentTail {
  let [crossed, live, closed] = [START, false, false];
  let fault: LedgerUnavailable | undefined;
  let wake: () => void = () => undefined;
  const broke = (error?: unknown): void => {
    fault ??= readFault(error);
    wake();
  };
  const subscription = client.subscribeToAll({
    credentials,
    fromPosition: after === START ? 'start' : { commit: after, prepare: after },
    filter: streamNameFilter({
      prefixes: [...CATEGORIES],
      // Without this a server looks at few events at a time where most are not ours.
      maxSearchWindow: 1_000,
      checkpointInterval: 10,
      checkpointReached: (_, position) => {
        crossed = position.commit;
        wake();
        return Promise.resolve();
      },
    }),
  });
  const timer = setTimeout(() => {
    broke({ type: 'not-confirmed' });
  }, confirmMs);
  subscription
    .on('error', broke)
    .on('end', broke)
    .on('close', broke)
    .on('confirmation', () => {
      clearTimeout(timer);
    })
    .on('caughtUp', () => {
      live = true;
      wake();
    })
    .on('readable', () => {
      wake();
    });
  return {
    next: () => (subscription.read() as AllStreamResolvedEvent | null) ?? undefined,
    waiting: () => subscription.readableLength > 0,
    crossed: () => crossed,
    live: () => live,
    fault: () => fault,
    changed: () =>
      new Promise((resolve) => {
        wake = resolve;
        if (closed || fault !== undefined || subscription.readableLength > 0) resolve();
      }),
    close() {
      if (closed) return;
      closed = true;
      clearTimeout(timer);
      discard(subscription);
      wake();
    },
  };
}

/**
 * Leaving it alone would keep the call open. It is cancelled and read to its end, not destroyed: what the server ended and
 * nobody took never ends for the client, which waits for it in vain when it is disposed of.
 */
function discard(subscription: AllStreamSubscription): void {
  subscription.removeAllListeners('readable').on('error', () => undefined);
  subscription.resume();
  subscription.unsubscribe().catch(() => undefined);
}

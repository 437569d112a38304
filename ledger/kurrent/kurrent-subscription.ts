import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { ResolvedEvent } from '@eventstore/db-client';
import { LedgerUnavailable } from '../errors.js';
import { isOurs, positionOf } from './kurrent-events.js';
import type { KurrentReads } from './kurrent-reads.js';
import type { KurrentTail } from './kurrent-tail.js';
import { CAUGHT_UP, START, type Position, type Recorded } from '../ledger.js';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** More than the server looks at before it tells how far it has come. */
const HEAD_PAGE = 1_000;

export interface SubscriptionDeps {
  readonly openTail: (after: Position) => KurrentTail;
  readonly reads: Pick<KurrentReads, 'newest'>;
  /** Undefined for an event that is not ours. @throws InvalidEvent */
  readonly decode: (resolved: ResolvedEvent) => Recorded | undefined;
  /** Told of each tail that broke. */
  readonly onBroken: (error: LedgerUnavailable) => void;
}

interface Subscription {
  readonly after: Position;
  readonly signal: AbortSignal;
}

/**
 * Follows the server from one tail to the next: a broken one is replaced, from the last event that was handled on.
 * Ends quietly when the signal aborts. @throws InvalidEvent for an event of ours that cannot be read
 */
export async function* followKurrent(
  deps: SubscriptionDeps,
  { after, signal }: Subscription,
): AsyncGenerator<Recorded | typeof CAUGHT_UP, void, void> {
  let position = after;
  let wait = FIRST_PAUSE_MS;
  // A function, because the signal changes while this waits.
  const over = (): boolean => signal.aborted;
  while (!over()) {
    const tail = deps.openTail(position);
    // The wait for news ends so. A promise of the signal would keep a little of every wait for as long as we follow.
    const close = (): void => {
      tail.close();
    };
    signal.addEventListener('abort', close, { once: true });
    try {
      for await (const item of followTail(deps, tail, { after: position, signal })) {
        if (item !== CAUGHT_UP) position = item.position;
        wait = FIRST_PAUSE_MS;
        yield item;
      }
    } catch (error) {
      if (!(error instanceof LedgerUnavailable)) throw error;
      deps.onBroken(error);
    } finally {
      signal.removeEventListener('abort', close);
      close();
    }
    if (over()) return;
    await pause(wait, undefined, { signal }).catch(() => undefined);
    wait = Math.min(wait * 2, LONGEST_PAUSE_MS);
  }
}

/** Until the signal aborts. @throws LedgerUnavailable when the tail broke, InvalidEvent */
async function* followTail(
  { reads, decode }: SubscriptionDeps,
  tail: KurrentTail,
  { after, signal }: Subscription,
): AsyncGenerator<Recorded | typeof CAUGHT_UP, void, void> {
  const head = await headToReach(reads);
  let [reached, marked] = [after, false];
  while (!signal.aborted) {
    const next = tail.next();
    if (next !== undefined) {
      const recorded = decode(next);
      if (recorded === undefined || recorded.position <= reached) continue;
      [reached, marked] = [recorded.position, false];
      yield recorded;
      continue;
    }
    const fault = tail.fault();
    if (fault !== undefined) throw fault;
    if (!marked && (tail.live() || later(reached, tail.crossed()) >= head)) {
      // What was written together mostly arrives together: one mark for it.
      await nextTurn();
      marked = !tail.waiting();
      if (marked) yield CAUGHT_UP;
      continue;
    }
    await tail.changed();
  }
}

const later = (a: Position, b: Position): Position => (a > b ? a : b);

/** Where the newest event of ours stands, or a place after it that a server tells of when it has passed it. */
async function headToReach(reads: SubscriptionDeps['reads']): Promise<Position> {
  const newest = await reads.newest(HEAD_PAGE);
  const found = newest.find(isOurs) ?? newest.at(-1);
  return (found && positionOf(found)) ?? START;
}

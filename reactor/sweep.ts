import type { Clock } from '../domain/clock.js';
import type { Position } from '../ledger/ledger.js';
import { LANES, type Lane } from '../domain/owed.js';
import type { LaneItems, OwedKey, OwedRow } from '../projections/owed/owed-reads.js';
import { StartUnavailable } from './errors.js';
import type { ReactorHealth } from './health.js';
import type { OwedReader, WorkStarter } from './ports.js';
import type { SweepTimes } from './times.js';

const PAGE = 200;
/** So many starts are under way at the same time. */
const CONCURRENCY = 8;

export interface SweepDeps {
  readonly owed: Pick<OwedReader, 'overdue'>;
  readonly starter: Pick<WorkStarter, 'startItem'>;
  readonly clock: Clock;
  readonly health: ReactorHealth;
  /** How far a lane has come: items behind that position are yet to come in a batch. */
  readonly handedOver: (lane: Lane) => Position;
  readonly times: Pick<SweepTimes, 'overdueMs'>;
}

type LostDeps = Omit<SweepDeps, 'handedOver' | 'times'>;

/** What a sweep looks for: items due at or before a time (ms since the epoch), of events up to a position. */
interface Scope {
  readonly dueBefore: number;
  readonly upTo: (lane: Lane) => Position;
}

/**
 * Starts a workflow of its own for each item that is long overdue, whatever became of earlier ones. Temporal's memory
 * is not needed, since the ledger says what is owed.
 * @returns false when it stopped because nothing answers; a fault of one item is the next sweep's business
 */
export function sweep(deps: SweepDeps, signal: AbortSignal): Promise<boolean> {
  const dueBefore = deps.clock.now() - deps.times.overdueMs;
  return sweepLanes(deps, { dueBefore, upTo: deps.handedOver }, signal);
}

/**
 * Starts a workflow of its own for each item owed up to these positions, due or not. It is for the case that nothing which
 * was handed over can be running.
 * @returns as `sweep`
 */
export function sweepLost(
  deps: LostDeps,
  lost: Readonly<Record<Lane, Position>>,
  signal: AbortSignal,
): Promise<boolean> {
  return sweepLanes(deps, { dueBefore: Number.MAX_SAFE_INTEGER, upTo: (lane) => lost[lane] }, signal);
}

async function sweepLanes(deps: LostDeps, scope: Scope, signal: AbortSignal): Promise<boolean> {
  try {
    for (const lane of LANES) await sweepLane(deps, lane, scope, signal);
    deps.health.well('sweep');
    return true;
  } catch (error) {
    deps.health.ill('sweep', error);
    return !(error instanceof StartUnavailable);
  }
}

async function sweepLane(deps: LostDeps, lane: Lane, scope: Scope, signal: AbortSignal): Promise<void> {
  let fault: unknown;
  for (let key: OwedKey | null = null; !signal.aborted;) {
    const page: readonly OwedRow<LaneItems[Lane]>[] = deps.owed.overdue(lane, scope.dueBefore, PAGE, key);
    const last = page.at(-1);
    if (last === undefined) break;
    key = { dueAt: last.dueAt, id: last.id };
    const upTo = scope.upTo(lane);
    const items = page.filter(({ position }) => position <= upTo).map(({ item }) => item);
    await inParallel(items, async (item) => {
      if (signal.aborted) return;
      try {
        await deps.starter.startItem(lane, item);
      } catch (error) {
        // Where nothing answers, the other items would fare no better. Any other fault may be about this item alone.
        if (error instanceof StartUnavailable) throw error;
        fault = error;
      }
    });
  }
  if (fault !== undefined) throw fault as Error;
}

/** Works through the items, some at a time; the first error stops it. */
async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const workers = Array.from({ length: CONCURRENCY }, async () => {
    for (const item of queue) await work(item);
  });
  await Promise.all(workers);
}

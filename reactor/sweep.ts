import type { Clock } from '../domain/clock.js';
import type { Position } from '../ledger/ledger.js';
import type { Lane, LaneItems, OwedKey, OwedRow } from '../projections/owed-reads.js';
import { StartUnavailable } from './errors.js';
import type { Health } from './health.js';
import { LANES, type OwedReader, type WorkStarter } from './ports.js';

/** What is overdue for so long has lost its workflow, or that one needs help. */
const OVERDUE_MS = 120_000;
const PAGE = 200;
/** Starts at the same time. */
const CONCURRENCY = 8;

export interface SweepDeps {
  readonly owed: Pick<OwedReader, 'overdue'>;
  readonly starter: Pick<WorkStarter, 'startItem'>;
  readonly clock: Clock;
  readonly health: Health;
  /** How far a lane has come: what lies behind that is yet to come in a batch. */
  readonly handedOver: (lane: Lane) => Position;
}

/**
 * Starts the own workflow of everything that is long overdue, whatever became of earlier ones. Temporal's memory
 * is not needed: the ledger says what is owed.
 * @returns how many were started
 */
export async function sweep(deps: SweepDeps, signal: AbortSignal): Promise<number> {
  const before = deps.clock.now() - OVERDUE_MS;
  let started = 0;
  try {
    for (const lane of LANES) started += await sweepLane(deps, lane, before, signal);
    deps.health.well('sweep');
  } catch (error) {
    deps.health.ill('sweep', error);
  }
  return started;
}

async function sweepLane(deps: SweepDeps, lane: Lane, before: number, signal: AbortSignal): Promise<number> {
  let started = 0;
  let fault: unknown;
  for (let key: OwedKey | null = null; !signal.aborted;) {
    const page: readonly OwedRow<LaneItems[Lane]>[] = deps.owed.overdue(lane, before, PAGE, key);
    const last = page.at(-1);
    if (last === undefined) break;
    key = { dueAt: last.dueAt, id: last.id };
    const upTo = deps.handedOver(lane);
    const items = page.filter(({ position }) => position <= upTo).map(({ item }) => item);
    await inParallel(items, async (item) => {
      if (signal.aborted) return;
      try {
        await deps.starter.startItem(lane, item);
        started += 1;
      } catch (error) {
        // Unavailable: all others would be as well. Anything else may be about this item alone.
        if (error instanceof StartUnavailable) throw error;
        fault = error;
      }
    });
  }
  if (fault !== undefined) throw fault as Error;
  return started;
}

/** Works through the items, some at a time; the first error stops it. */
async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const workers = Array.from({ length: CONCURRENCY }, async () => {
    for (const item of queue) await work(item);
  });
  await Promise.all(workers);
}

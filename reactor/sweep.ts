import type { Clock } from '../domain/clock.js';
import {
  idOf,
  KIND_OF_LANE,
  LANES,
  OWED_KINDS,
  type Lane,
  type OwedItem,
  type OwedKind,
} from '../domain/owed.js';
import type { Position } from '../ledger/ledger.js';
import type { OwedKey, OwedScope } from '../projections/owed/owed-reads.js';
import { StartUnavailable } from './errors.js';
import type { ReactorHealth } from './health.js';
import type { OwedReader, WorkStarter } from './ports.js';
import type { SweepTimes } from './times.js';
import type { UnderWay } from './under-way.js';

const PAGE = 200;
/** So many starts are under way at the same time. */
const CONCURRENCY = 8;

export interface SweepDeps {
  readonly owed: Pick<OwedReader, 'due' | 'progress'>;
  readonly starter: Pick<WorkStarter, 'startItem'>;
  readonly clock: Clock;
  readonly health: ReactorHealth;
  /** Up to here nothing is handed over in batches any more. */
  readonly floor: (kind: OwedKind) => Position;
  readonly underWay: (lane: Lane) => UnderWay;
  readonly times: Pick<SweepTimes, 'overdueMs'>;
}

/**
 * Starts the own workflow of everything that fell out: tried and long overdue, or handed over and never heard of again.
 * What still waits for its first try is late, not lost. Temporal's memory is not needed: the ledger says what is owed.
 * @returns false when it stopped because nothing answers; a fault of one item is the next sweep's business
 */
export function sweep(deps: SweepDeps, signal: AbortSignal): Promise<boolean> {
  const dueBefore = deps.clock.now() - deps.times.overdueMs;
  return guarded(deps, async (start) => {
    for (const kind of OWED_KINDS) await startDue(deps, kind, dueBefore, start, signal);
    for (const lane of LANES) await startSilent(deps, lane, dueBefore, start);
  });
}

/**
 * Starts the own workflow of everything that was tried before, due or not: for when nothing of it can run.
 * @returns as `sweep`
 */
export function sweepLost(deps: SweepDeps, signal: AbortSignal): Promise<boolean> {
  const isNew = (item: OwedItem): boolean => LANES.some((lane) => deps.underWay(lane).has(idOf(item)));
  return guarded(deps, async (start) => {
    const startOld = (items: readonly OwedItem[]): Promise<void> =>
      start(items.filter((item) => !isNew(item)));
    for (const kind of OWED_KINDS) await startDue(deps, kind, Number.MAX_SAFE_INTEGER, startOld, signal);
  });
}

type StartItems = (items: readonly OwedItem[]) => Promise<void>;

/** Begun ones of any event, and what waits of those that no batch comes to. */
async function startDue(
  { owed, floor }: SweepDeps,
  kind: OwedKind,
  dueBefore: number,
  start: StartItems,
  signal: AbortSignal,
): Promise<void> {
  const scopes: OwedScope[] = [
    { begun: true, dueBefore },
    { begun: false, dueBefore, upTo: floor(kind) },
  ];
  for (const scope of scopes) {
    for (let key: OwedKey | null = null; !signal.aborted;) {
      const page: ReturnType<typeof owed.due> = owed.due(kind, scope, PAGE, key);
      const last = page.at(-1);
      if (last === undefined) break;
      key = { dueAt: last.dueAt, id: last.id };
      await start(page.map(({ item }) => item));
    }
  }
}

/** What was handed over and shows no sign of a try. */
async function startSilent(
  { owed, underWay, clock }: SweepDeps,
  lane: Lane,
  since: number,
  start: StartItems,
): Promise<void> {
  const all = underWay(lane);
  const silent = all
    .silentSince(since)
    .filter(({ id }) => owed.progress(KIND_OF_LANE[lane], id) === 'waiting');
  await start(silent.map(({ item }) => item));
  for (const { id } of silent) all.rescued(id, clock.now());
}

async function guarded(
  { health, starter }: SweepDeps,
  work: (start: StartItems) => Promise<void>,
): Promise<boolean> {
  let fault: unknown;
  const start: StartItems = (items) =>
    inParallel(items, async (item) => {
      try {
        await starter.startItem(item);
      } catch (error) {
        // Unavailable: all others would be as well. Anything else may be about this item alone.
        if (error instanceof StartUnavailable) throw error;
        fault = error;
      }
    });
  try {
    await work(start);
    if (fault !== undefined) throw fault as Error;
    health.well('sweep');
    return true;
  } catch (error) {
    health.ill('sweep', error);
    return !(error instanceof StartUnavailable);
  }
}

/** Works through the items, some at a time; the first error stops it. */
async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const workers = Array.from({ length: CONCURRENCY }, async () => {
    for (const item of queue) await work(item);
  });
  await Promise.all(workers);
}

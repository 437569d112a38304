import type { Clock } from '../domain/clock.js';
import type { CursorStore } from '../ledger/cursor.js';
import { deriveId } from '../ledger/event-ids.js';
import type { Position } from '../ledger/ledger.js';
import type { Lane } from '../domain/owed.js';
import type { LaneItems, OwedRow } from '../projections/owed/owed-reads.js';
import type { Bell } from './bell.js';
import { Fenced, StartUnavailable } from './errors.js';
import type { ReactorHealth } from './health.js';
import { loadLaneCursor, saveLaneCursor, type Batch, type LaneCursor } from './lane-cursor.js';
import { BATCH_ITEMS, waitAfterBatch } from './lane-pace.js';
import type { OwedReader, WorkStarter } from './ports.js';
import type { LaneTimes } from './times.js';

export interface LaneDeps<L extends Lane> {
  readonly lane: L;
  readonly owed: OwedReader;
  readonly cursors: CursorStore;
  readonly starter: Pick<WorkStarter, 'startBatch'>;
  readonly clock: Clock;
  /** Rung when something new may be owed, when a batch ended, and when the lane is to stop. */
  readonly bell: Bell;
  readonly health: ReactorHealth;
  /** True where batches from before `open` cannot be running any more: the sweep starts their items one by one. */
  readonly memoryLost: boolean;
  readonly times: LaneTimes;
}

/** Hands the owed work of one lane over, in batches of whatever has come together. */
export interface LaneRunner {
  /** Loads the cursor. @throws MissingCursor */
  open(): Promise<void>;
  /** Runs until the signal aborts, or another reactor takes over. Never rejects. */
  run(signal: AbortSignal): Promise<void>;
  /** Everything up to here was handed over, or stands in the batch that is being started. */
  after(): Position;
}

export function createLane<L extends Lane>(deps: LaneDeps<L>): LaneRunner {
  const { lane, owed, cursors, clock, bell, health, times } = deps;
  let cursor: LaneCursor<L> | undefined;
  let lostBatch: string | undefined;
  let running = 0;
  let started = 0;
  let lastStart = Number.NEGATIVE_INFINITY;

  const opened = async (): Promise<LaneCursor<L>> => (cursor ??= await loadLaneCursor(cursors, lane));

  /** Milliseconds until the next batch may start. */
  function waitMs({ batch: last }: LaneCursor<L>): number {
    const full = last?.items.length === BATCH_ITEMS;
    return Math.max(lastStart + waitAfterBatch(times, running, full) - clock.now(), 0);
  }

  async function start(batch: Batch<L>): Promise<void> {
    lastStart = clock.now();
    const { done } = await deps.starter.startBatch(lane, batch.id, batch.items);
    running += 1;
    started += 1;
    void done.then(() => {
      running -= 1;
      bell.ring();
    });
  }

  async function next(current: LaneCursor<L>): Promise<void> {
    const wait = waitMs(current);
    if (wait > 0) return bell.heard(wait);
    const rows = owed.after(lane, current.after, BATCH_ITEMS);
    const last = rows.at(-1);
    if (last === undefined) return bell.heard(times.lookMs);
    const batch = batchOf(lane, rows);
    cursor = await saveLaneCursor(cursors, lane, { after: last.position, batch }, current.version);
    await start(batch);
  }

  async function work(signal: AbortSignal): Promise<void> {
    const { batch } = await opened();
    // The stored batch was perhaps not started; under its own id it can be started only once.
    if (batch !== null && batch.id !== lostBatch && !signal.aborted) await start(batch);
    health.well(lane);
    while (!signal.aborted) await next(await opened());
  }

  return {
    async open() {
      const { batch } = await opened();
      // The first tries of that batch are over: as a batch they would be made again without a look at their outcomes.
      if (deps.memoryLost) lostBatch = batch?.id;
    },
    after: () => cursor?.after ?? 0n,
    async run(signal) {
      let backOff = 0;
      while (!signal.aborted) {
        const before = started;
        try {
          await work(signal);
        } catch (error) {
          health.ill(lane, error);
          if (error instanceof Fenced) return;
          const { firstBackOffMs, unavailableBackOffMs, faultBackOffMs } = times;
          const longest = error instanceof StartUnavailable ? unavailableBackOffMs : faultBackOffMs;
          backOff =
            started > before ? firstBackOffMs : Math.min(Math.max(backOff * 2, firstBackOffMs), longest);
          // After a fault only the stored cursor counts: it is loaded again, and its batch is started again.
          cursor = undefined;
          await pause(bell, clock, backOff, signal);
        }
      }
    },
  };
}

function batchOf<L extends Lane>(lane: L, rows: readonly OwedRow<LaneItems[L]>[]): Batch<L> {
  const id = deriveId('batch', lane, rows[0]?.id ?? '', rows.at(-1)?.id ?? '');
  return { id, items: rows.map(({ item }) => item) };
}

/** Sleeps through wake-ups: while starts fail, new work is no reason to hurry. */
async function pause(bell: Bell, clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  const until = clock.now() + ms;
  for (let left = ms; left > 0 && !signal.aborted; left = until - clock.now()) await bell.heard(left);
}

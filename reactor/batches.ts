import type { Clock } from '../domain/clock.js';
import type { Lane, OwedItem } from '../domain/owed.js';
import { deriveId } from '../ledger/event-ids.js';
import type { BatchEnd, WorkStarter } from './ports.js';
import { SLOTS, type Batch, type Slot } from './slots.js';
import type { Candidate } from './under-way.js';

/** So many slots are for batches of slow parties: these have places of their own, and take nobody else's. */
const SLOW_SLOTS = 3;

/** A batch in its slot. */
export interface Run {
  readonly slot: Slot;
  readonly batch: Batch;
  /** True where it is one slow party's. */
  readonly slow: boolean;
  /** Ms since the epoch: when it was started last. */
  began: number;
}

/** The batches of a lane: those that are to begin, and those that run. */
export interface Batches {
  /** How many run, of slow parties or of all others. */
  running(slow: boolean): number;
  /** Batches that were started since the beginning. */
  readonly started: number;
  hasSlot(slow: boolean): boolean;
  /** Puts a slot's stored batch back to be begun, reduced to these items; without any the slot is free. */
  restore(slot: Slot, items: readonly OwedItem[]): void;
  /** Takes a slot for these. */
  add(items: readonly Candidate[], slow: boolean): void;
  /** Stores and starts all that is to begin; what fails is begun again by the next call, under the same id. */
  beginAll(signal: AbortSignal): Promise<void>;
}

interface BatchesDeps {
  readonly lane: Lane;
  readonly clock: Clock;
  readonly starter: Pick<WorkStarter, 'startBatch'>;
  readonly onEnded: (run: Run, end: BatchEnd) => void;
}

export function createBatches({ lane, clock, starter, onEnded }: BatchesDeps): Batches {
  const free: Slot[] = [];
  const toBegin: Run[] = [];
  const running = new Set<Run>();
  let started = 0;

  const count = (slow: boolean): number => [...running].filter((run) => run.slow === slow).length;

  async function begin(run: Run): Promise<void> {
    const { batch, slot } = run;
    if (slot.batch?.id !== batch.id) await slot.store(batch);
    run.began = clock.now();
    const { done } = await starter.startBatch(lane, batch.id, batch.items);
    running.add(run);
    started += 1;
    void done.then((end) => {
      running.delete(run);
      free.push(slot);
      onEnded(run, end);
    });
  }

  return {
    running: count,
    get started() {
      return started;
    },
    hasSlot: (slow) => free.length > 0 && count(slow) < (slow ? SLOW_SLOTS : SLOTS - SLOW_SLOTS),
    restore(slot, items) {
      const { batch } = slot;
      if (batch === null || items.length === 0) free.push(slot);
      else toBegin.push({ slot, batch: { ...batch, items }, slow: false, began: clock.now() });
    },
    add(items, slow) {
      const slot = free.pop();
      if (slot === undefined) throw new RangeError('no slot is free');
      const now = clock.now();
      toBegin.push({ slot, slow, began: now, batch: batchOf(lane, slot, items, now) });
    },
    async beginAll(signal) {
      for (let run = toBegin[0]; run !== undefined && !signal.aborted; run = toBegin[0]) {
        await begin(run);
        toBegin.shift();
      }
    },
  };
}

/** The id is this batch's alone: what was given back may be the first and the last of another one again. */
function batchOf(lane: Lane, slot: Slot, items: readonly Candidate[], now: number): Batch {
  const ends = [items[0]?.id ?? '', items.at(-1)?.id ?? ''];
  return {
    id: deriveId('batch', lane, slot.name, String(slot.version), String(now), ...ends),
    items: items.map(({ item }) => item),
    contacts: items.map(({ contact }) => contact),
  };
}

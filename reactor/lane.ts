import type { Clock } from '../domain/clock.js';
import { idOf, KIND_OF_LANE, type Lane } from '../domain/owed.js';
import type { CursorStore } from '../ledger/cursor.js';
import type { Position } from '../ledger/ledger.js';
import { createBatches } from './batches.js';
import type { Bell } from './bell.js';
import { Fenced, StartUnavailable } from './errors.js';
import type { ReactorHealth } from './health.js';
import { createLaneLimit } from './lane-limit.js';
import { waitAfterBatch } from './lane-pace.js';
import { createParties } from './parties.js';
import type { OwedReader, WorkStarter } from './ports.js';
import { createSelection, partyOf } from './select.js';
import { createSettlement } from './settlement.js';
import { claimSlots, type Slot } from './slots.js';
import type { LaneTimes } from './times.js';
import { createUnderWay, type Candidate, type UnderWay } from './under-way.js';

/** One party's part of what may be under way, so that another's single item finds a place. */
const PART_OF_ONE = 0.75;

export interface LaneDeps {
  readonly lane: Lane;
  readonly owed: OwedReader;
  readonly cursors: CursorStore;
  readonly starter: Pick<WorkStarter, 'startBatch'>;
  readonly clock: Clock;
  /** Rung when something new may be owed, when a batch ended, and when the lane is to stop. */
  readonly bell: Bell;
  readonly health: ReactorHealth;
  /** True where batches from before `open` cannot be running any more. */
  readonly memoryLost: boolean;
  readonly times: LaneTimes;
}

/** Hands the owed work of one lane over, in batches of whatever has come together. */
export interface LaneRunner {
  /** Takes the lane's slots: whoever had them before is fenced. @param floor what lies at or below it is not handed over */
  open(floor: Position): Promise<void>;
  /** Runs until the signal aborts, or another reactor takes over. Never rejects. */
  run(signal: AbortSignal): Promise<void>;
  readonly underWay: UnderWay;
  /** True where this app or endpoint is slow, and so holds up its own items only. */
  isSlow(party: string): boolean;
}

export function createLane(deps: LaneDeps): LaneRunner {
  const { lane, clock, bell, health, times } = deps;
  const parts = createParts(deps);
  const { underWay, batches } = parts;
  let slots: readonly Slot[] = [];
  let notBefore = Number.NEGATIVE_INFINITY;

  async function next(signal: AbortSignal): Promise<void> {
    await batches.beginAll(signal);
    const rest = notBefore - clock.now();
    if (rest > 0) return pause(bell, clock, rest, signal);
    if (parts.choose()) return;
    const running = batches.running(false);
    // With many wake-ups, looking is what costs: not more often than this where the next batch is in no hurry.
    if (running >= 2 || parts.isSettling()) notBefore = clock.now() + times.lookAgainMs;
    return bell.heard(running >= 2 ? waitAfterBatch(times, running) : times.lookMs);
  }

  return {
    underWay,
    isSlow: (party) => parts.isSlow(party),
    async open(floor) {
      parts.setFloor(floor);
      slots = await claimSlots(deps.cursors, lane, floor);
    },
    async run(signal) {
      for (const slot of slots) parts.restore(slot);
      let backOff = 0;
      while (!signal.aborted) {
        const before = batches.started;
        try {
          await batches.beginAll(signal);
          health.well(lane);
          while (!signal.aborted) await next(signal);
        } catch (error) {
          health.ill(lane, error);
          if (error instanceof Fenced) return;
          const { firstBackOffMs, unavailableBackOffMs, faultBackOffMs } = times;
          const longest = error instanceof StartUnavailable ? unavailableBackOffMs : faultBackOffMs;
          backOff =
            batches.started > before
              ? firstBackOffMs
              : Math.min(Math.max(backOff * 2, firstBackOffMs), longest);
          await pause(bell, clock, backOff, signal);
        }
      }
    },
  };
}

/** What a lane is made of, and how it makes up the next batch. */
function createParts({ lane, owed, clock, bell, starter, memoryLost, times }: LaneDeps) {
  const underWay = createUnderWay();
  const parties = createParties();
  const limit = createLaneLimit();
  const selection = createSelection({ lane, owed, underWay, parties });
  const settlement = createSettlement({ lane, owed, clock, underWay, parties });
  let floor: Position = 0n;
  let lastStart = Number.NEGATIVE_INFINITY;
  let full = false;
  const batches = createBatches({
    ...{ lane, clock, starter },
    onEnded: ({ batch, slow, began }, end) => {
      const untried = settlement.batchEnded(batch, end);
      const now = clock.now();
      if (!slow) limit.ended({ items: batch.items.length, untried, ms: now - began }, full, now);
      bell.ring();
    },
  });
  const wantedOf = (slow: boolean, items: number) => ({
    ...{ slow, items, floor, ofOne: Math.ceil(limit.items() * PART_OF_ONE), now: clock.now() },
  });

  /** What goes into the next batch of all but slow parties; empty where it is better to wait. */
  function usual(): readonly Candidate[] {
    const wanted = limit.batchItems();
    const room = limit.items() - underWay.count();
    const running = batches.running(false);
    full = room < wanted;
    if (!batches.hasSlot(false) || room <= 0 || (running >= 2 && full)) return [];
    const { items, capped } = selection.next(wantedOf(false, Math.min(room, wanted)));
    full ||= capped;
    // Where more waits than may go, a small batch would only cost what a whole one costs a little later.
    const isDue = !capped && clock.now() >= lastStart + waitAfterBatch(times, running);
    return items.length >= wanted || running < 2 || isDue ? items : [];
  }

  function add(items: readonly Candidate[], slow: boolean): boolean {
    if (items.length === 0) return false;
    const now = clock.now();
    if (!slow) lastStart = now;
    underWay.add(items, now);
    batches.add(items, slow);
    return true;
  }

  return {
    underWay,
    batches,
    isSlow: (party: string) => parties.isSlow(party),
    isSettling: () => settlement.isWaiting,
    setFloor: (position: Position) => {
      floor = position;
    },
    /** Makes up a batch, where one may begin. */
    choose(): boolean {
      settlement.look(full);
      if (add(usual(), false)) return true;
      return batches.hasSlot(true) && add(selection.next(wantedOf(true, limit.batchItems())).items, true);
    },
    /** Of a stored batch only that counts of which the views show no try. */
    restore(slot: Slot): void {
      const { items = [], contacts = [] } = slot.batch ?? {};
      const kept = items.flatMap((item, n) => {
        const id = idOf(item);
        const isOpen = !memoryLost && owed.progress(KIND_OF_LANE[lane], id) === 'waiting';
        return isOpen ? [{ id, item, party: partyOf(item), contact: contacts[n] ?? id }] : [];
      });
      underWay.add(kept, clock.now());
      batches.restore(
        slot,
        kept.map(({ item }) => item),
      );
    },
  };
}

/** Sleeps through wake-ups: while starts fail, new work is no reason to hurry. */
async function pause(bell: Bell, clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  const until = clock.now() + ms;
  for (let left = ms; left > 0 && !signal.aborted; left = until - clock.now()) await bell.heard(left);
}

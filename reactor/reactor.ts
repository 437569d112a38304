import type { Clock } from '../domain/clock.js';
import { idOf, KIND_OF_LANE, laneOf, LANES, type Lane, type OwedKind } from '../domain/owed.js';
import type { CursorStore } from '../ledger/cursor.js';
import { START, type Position } from '../ledger/ledger.js';
import type { OwedKey } from '../projections/owed/owed-reads.js';
import { createBell, type Bell } from './bell.js';
import { createReactorHealth } from './health.js';
import { createLane, type LaneRunner } from './lane.js';
import type { OwedReader, SetTimer, WorkStarter } from './ports.js';
import { partyOf } from './select.js';
import { loadFloor } from './slots.js';
import { sweep, sweepLost, type SweepDeps } from './sweep.js';
import type { ReactorTimes, SweepTimes } from './times.js';

export interface ReactorDeps {
  readonly owed: OwedReader;
  readonly cursors: CursorStore;
  readonly starter: WorkStarter;
  readonly clock: Clock;
  readonly setTimer: SetTimer;
  /**
   * Resolves when the views have folded all that stands in the ledger now: what another reactor handed over before is
   * not to be taken for something that waits.
   */
  readonly viewsCaughtUp?: () => Promise<void>;
  /** True when nothing that was handed over before can be running: all that is owed of it is started at once. */
  readonly memoryLost?: boolean;
  readonly times: ReactorTimes;
}

export interface ReactorStatus {
  readonly ready: boolean;
  /** Why it is not ready; null when it is. */
  readonly cause: string | null;
}

/** Hands what the ledger owes over to durable work. There is one per ledger: a second one is fenced by the cursors. */
export interface Reactor {
  /** Begins; resolves when it runs. @throws MissingCursor */
  start(): Promise<void>;
  /** To be called when the views have moved, since something new may be owed then. */
  wake(): void;
  status(): ReactorStatus;
  /**
   * Position of the oldest event of which something waits to be handed over; null where nothing does. What only its own slow
   * app or endpoint holds up does not count.
   */
  oldestWaiting(kind: OwedKind): Position | null;
  /** Resolves when another reactor has moved a cursor; this one hands over nothing more then. */
  readonly takenOver: Promise<void>;
  /** Starts nothing more; resolves when no start is under way. */
  stop(): Promise<void>;
}

/** Makes the reactor of one ledger: its lanes and the sweep. */
export function createReactor(deps: ReactorDeps): Reactor {
  const { owed, clock, setTimer, memoryLost = false, times } = deps;
  const health = createReactorHealth();
  const stopping = new AbortController();
  const bells = byLane(() => createBell(setTimer));
  const sweepBell = createBell(setTimer);
  const lanes = byLane((lane) =>
    createLane({ ...deps, memoryLost, health, lane, bell: bells[lane], times: times.lane }),
  );
  const floors = { messages: START, callbacks: START };
  const sweepDeps: SweepDeps = {
    ...{ ...deps, health, times: times.sweep },
    floor: (kind) => floors[kind],
    underWay: (lane) => lanes[lane].underWay,
  };
  let running: Promise<unknown> = Promise.resolve();
  let tellTakenOver: () => void = () => undefined;
  const takenOver = new Promise<void>((resolve) => {
    tellTakenOver = resolve;
  });
  let state: 'new' | 'running' | 'stopped' = 'new';

  async function viewsCaughtUp(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await deps.viewsCaughtUp?.();
        health.well('views');
        return;
      } catch (error) {
        health.ill('views', error);
        await sweepBell.heard(times.lane.lookMs);
      }
    }
  }

  async function work(): Promise<void> {
    await viewsCaughtUp();
    await Promise.all([
      ...LANES.map(async (lane) => {
        await lanes[lane].run(stopping.signal);
        if (!stopping.signal.aborted) tellTakenOver();
      }),
      regularly(
        createSweeps(sweepDeps, memoryLost, stopping.signal),
        { times: times.sweep, bell: sweepBell, clock },
        stopping.signal,
      ),
    ]);
  }

  return {
    takenOver,
    async start() {
      [floors.messages, floors.callbacks] = await Promise.all([
        loadFloor(deps.cursors, 'messages'),
        loadFloor(deps.cursors, 'callbacks'),
      ]);
      await Promise.all(LANES.map((lane) => lanes[lane].open(floors[KIND_OF_LANE[lane]])));
      state = 'running';
      running = work();
    },
    wake() {
      for (const lane of LANES) bells[lane].ring();
    },
    status() {
      const cause =
        state === 'running' ? health.cause() : `reactor is ${state === 'new' ? 'not started' : 'stopped'}`;
      return { ready: cause === null, cause };
    },
    oldestWaiting: (kind) => oldestWaiting(owed, lanes, { kind, floor: floors[kind] }),
    async stop() {
      state = 'stopped';
      stopping.abort();
      for (const lane of LANES) bells[lane].ring();
      sweepBell.ring();
      await running;
    },
  };
}

/** Makes what each sweep does: until that has worked once, everything that is lost is started first. */
function createSweeps(deps: SweepDeps, memoryLost: boolean, signal: AbortSignal): () => Promise<boolean> {
  let lost = memoryLost;
  return async () => {
    if (lost) {
      if (!(await sweepLost(deps, signal))) return false;
      lost = false;
    }
    return sweep(deps, signal);
  };
}

const EVERYTHING = { begun: false, dueBefore: Number.MAX_SAFE_INTEGER } as const;
const PAGE = 200;

/** Finds the oldest item above the floor that waits for its turn, and gives the position of its event. */
function oldestWaiting(
  owed: Pick<OwedReader, 'due'>,
  lanes: Readonly<Record<Lane, LaneRunner>>,
  { kind, floor }: { readonly kind: OwedKind; readonly floor: Position },
): Position | null {
  for (let key: OwedKey | null = null; ;) {
    const page: ReturnType<typeof owed.due> = owed.due(kind, EVERYTHING, PAGE, key);
    const first = page.find(({ position, item }) => position > floor && isWaiting(lanes[laneOf(item)], item));
    if (first !== undefined) return first.position;
    const last = page.at(-1);
    if (last === undefined) return null;
    key = { dueAt: last.dueAt, id: last.id };
  }
}

function isWaiting(lane: LaneRunner, item: Parameters<typeof idOf>[0]): boolean {
  return !lane.underWay.has(idOf(item)) && !lane.isSlow(partyOf(item));
}

function byLane<T>(make: (lane: Lane) => T): Readonly<Record<Lane, T>> {
  const [replies, consents, messages, callbacks] = LANES;
  return {
    replies: make(replies),
    consents: make(consents),
    messages: make(messages),
    callbacks: make(callbacks),
  };
}

/** Works at once, then regularly from each beginning, or sooner where the work answers false; never twice at a time. */
async function regularly(
  work: () => Promise<boolean>,
  { times, bell, clock }: { readonly times: SweepTimes; readonly bell: Bell; readonly clock: Clock },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const began = clock.now();
    const next = (await work()) ? began + times.everyMs : clock.now() + times.againMs;
    const left = next - clock.now();
    if (!signal.aborted && left > 0) await bell.heard(left);
  }
}

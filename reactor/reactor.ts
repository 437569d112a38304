import type { Clock } from '../domain/clock.js';
import type { CursorStore } from '../ledger/cursor.js';
import type { Position } from '../ledger/ledger.js';
import { LANES, type Lane } from '../domain/owed.js';
import { createBell, type Bell } from './bell.js';
import { createReactorHealth } from './health.js';
import { createLane } from './lane.js';
import type { OwedReader, SetTimer, WorkStarter } from './ports.js';
import { sweep, sweepLost } from './sweep.js';
import type { ReactorTimes, SweepTimes } from './times.js';

export interface ReactorDeps {
  readonly owed: OwedReader;
  readonly cursors: CursorStore;
  readonly starter: WorkStarter;
  readonly clock: Clock;
  readonly setTimer: SetTimer;
  /** True when nothing that was handed over before can be running: all that is owed of it is started at once. */
  readonly memoryLost?: boolean;
  readonly times: ReactorTimes;
}

export interface ReactorStatus {
  readonly ready: boolean;
  /** Why it is not ready; null when it is. */
  readonly cause: string | null;
  /** How far each lane has come in the ledger. */
  readonly after: Readonly<Record<Lane, Position>>;
}

/** Hands what the ledger owes over to durable work. There is one per ledger: a second one is fenced by the cursors. */
export interface Reactor {
  /** Begins; resolves when it runs. @throws MissingCursor */
  start(): Promise<void>;
  /** To be called when the views have moved, since something new may be owed then. */
  wake(): void;
  status(): ReactorStatus;
  /** Resolves when another reactor has moved a cursor; this one hands over nothing more then. */
  readonly takenOver: Promise<void>;
  /** Starts nothing more; resolves when no start is under way. */
  stop(): Promise<void>;
}

/** Makes the reactor of one ledger: two lanes and the sweep. */
export function createReactor(deps: ReactorDeps): Reactor {
  const { clock, setTimer, memoryLost = false, times } = deps;
  const health = createReactorHealth();
  const stopping = new AbortController();
  const bells = {
    messages: createBell(setTimer),
    callbacks: createBell(setTimer),
    sweep: createBell(setTimer),
  };
  const laneDeps = { ...deps, memoryLost, health, times: times.lane };
  const lanes = {
    messages: createLane({ ...laneDeps, lane: 'messages', bell: bells.messages }),
    callbacks: createLane({ ...laneDeps, lane: 'callbacks', bell: bells.callbacks }),
  };
  let running: Promise<unknown> = Promise.resolve();
  let tellTakenOver: () => void = () => undefined;
  const takenOver = new Promise<void>((resolve) => {
    tellTakenOver = resolve;
  });
  let state: 'new' | 'running' | 'stopped' = 'new';
  const after = (): Record<Lane, Position> => ({
    messages: lanes.messages.after(),
    callbacks: lanes.callbacks.after(),
  });

  /** Makes what each sweep does: until that has worked once, everything that is lost is started first. */
  function createSweeps(): () => Promise<boolean> {
    const sweepDeps = {
      ...deps,
      health,
      times: times.sweep,
      handedOver: (lane: Lane) => lanes[lane].after(),
    };
    let lost = memoryLost ? after() : undefined;
    return async () => {
      if (lost !== undefined) {
        if (!(await sweepLost(sweepDeps, lost, stopping.signal))) return false;
        lost = undefined;
      }
      return sweep(sweepDeps, stopping.signal);
    };
  }

  return {
    takenOver,
    async start() {
      await Promise.all([lanes.messages.open(), lanes.callbacks.open()]);
      state = 'running';
      const sweeps = createSweeps();
      running = Promise.all([
        ...LANES.map(async (lane) => {
          await lanes[lane].run(stopping.signal);
          if (!stopping.signal.aborted) tellTakenOver();
        }),
        regularly(sweeps, { times: times.sweep, bell: bells.sweep, clock }, stopping.signal),
      ]);
    },
    wake() {
      bells.messages.ring();
      bells.callbacks.ring();
    },
    status() {
      const cause =
        state === 'running' ? health.cause() : `reactor is ${state === 'new' ? 'not started' : 'stopped'}`;
      return { ready: cause === null, cause, after: after() };
    },
    async stop() {
      state = 'stopped';
      stopping.abort();
      for (const bell of Object.values(bells)) bell.ring();
      await running;
    },
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

import { idOf, KIND_OF_LANE, laneOf, type Lane, type OwedItem, type OwedKind } from '../../domain/owed.js';
import { POLICY } from '../../bin/wiring/policy.js';
import { createMemoryCursors } from '../../ledger/memory/memory-cursors.js';
import type { OwedProgress } from '../../projections/owed/owed-reads.js';
import type { BatchEnd, OwedReader, SetTimer, WorkStarter } from '../../reactor/ports.js';
import { createReactor, type Reactor } from '../../reactor/reactor.js';
import { partyOf } from '../../reactor/select.js';
import { floorName } from '../../reactor/slots.js';

/** Time that moves only when the test says so. */
export class VirtualTime {
  ms = 1_000_000;
  private timers: { at: number; callback: () => void }[] = [];
  readonly clock = { now: (): number => this.ms };
  readonly setTimer: SetTimer = (ms, callback) => {
    const timer = { at: this.ms + ms, callback };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  };

  /** Fires what is due on the way, in order, and lets everything settle after each. */
  async pass(ms: number): Promise<void> {
    const until = this.ms + ms;
    await settle();
    for (;;) {
      const next = this.timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.timers = this.timers.filter((other) => other !== next);
      this.ms = Math.max(this.ms, next.at);
      next.callback();
      await settle();
    }
    this.ms = until;
  }
}

/** Lets promises and in-memory commits run until nothing moves. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
}

export interface StartedBatch {
  readonly lane: Lane;
  readonly id: string;
  readonly items: readonly OwedItem[];
  readonly ids: readonly string[];
  readonly at: number;
  /** Its items have ended, but for those that it gives back. */
  end(untried?: readonly string[]): void;
  /** It ended, and nothing shows in the views. @param untried null: nobody knows */
  endUnseen(untried: readonly string[] | null): void;
}

/** One owed item as the views have it. */
export interface OwedRow {
  readonly id: string;
  readonly position: bigint;
  dueAt: number;
  readonly class: number;
  readonly contact: string;
  readonly item: OwedItem;
  progress: OwedProgress;
}

type More = Partial<Pick<OwedRow, 'dueAt' | 'class' | 'contact' | 'progress'>> & { readonly app?: string };

/** A reactor with everything around it faked. */
export class ReactorWorld {
  readonly time = new VirtualTime();
  readonly cursors = createMemoryCursors();
  readonly batches: StartedBatch[] = [];
  readonly items: string[] = [];
  rows = new Map<string, OwedRow>();
  /** Throws instead of starting while it is set. */
  fault: (() => Error | undefined) | undefined;
  /** Holds starts until the test resolves it. */
  hold: Promise<void> | undefined;
  /** What stands between the reactor and the views. */
  viewsCaughtUp: (() => Promise<void>) | undefined;

  readonly owed: OwedReader = {
    nextParty: (lane, after) => {
      let next: string | undefined;
      for (const { item } of this.waitingIn(lane)) {
        const party = partyOf(item);
        if (party > after && (next === undefined || party < next)) next = party;
      }
      return next;
    },
    waiting: (lane, party, { after, limit }) =>
      this.waitingIn(lane)
        .filter(({ item, position }) => partyOf(item) === party && position > after)
        .sort((a, b) => a.class - b.class || Number(a.position - b.position))
        .slice(0, limit),
    progress: (_, id) => this.rows.get(id)?.progress ?? 'ended',
    due: (kind, { begun, dueBefore, upTo = 10n ** 18n }, limit, key) => {
      const found = [...this.rows.values()]
        .filter(({ item, progress }) => kindOf(item) === kind && (progress !== 'waiting') === begun)
        .filter((row) => row.dueAt <= dueBefore && row.position <= upTo)
        .sort((a, b) => a.dueAt - b.dueAt || (a.id < b.id ? -1 : 1));
      const rest =
        key === null
          ? found
          : found.filter(({ dueAt, id }) => dueAt > key.dueAt || (dueAt === key.dueAt && id > key.id));
      return rest.slice(0, limit) as never;
    },
  };

  readonly starter: WorkStarter = {
    startBatch: async (lane, id, items) => {
      await this.hold;
      const fault = this.fault?.();
      if (fault !== undefined) throw fault;
      const { promise: done, resolve } = Promise.withResolvers<BatchEnd>();
      const ids = items.map(idOf);
      this.batches.push({
        ...{ lane, id, items, ids, at: this.time.ms },
        end: (untried = []) => {
          for (const one of ids) if (!untried.includes(one)) this.rows.delete(one);
          resolve({ untried });
        },
        endUnseen: (untried) => {
          resolve({ untried });
        },
      });
      return { done };
    },
    startItem: async (item) => {
      const fault = this.fault?.();
      if (fault !== undefined) throw fault;
      this.items.push(idOf(item));
    },
  };

  /** A message of an app, `a` where none is named. */
  owe(position: number, id = `m${String(position)}`, more: More = {}): void {
    const item = { messageId: id, projectId: 'p', appId: more.app ?? 'a', cause: null };
    this.add(position, item, more);
  }

  oweReply(position: number, id: string, more: More = {}): void {
    const cause = { stream: `contact-${id}`, revision: 0 };
    this.add(position, { messageId: id, projectId: 'p', appId: more.app ?? 'a', cause }, more);
  }

  oweCallback(position: number, id: string, endpointId: string, more: More = {}): void {
    const item = {
      callbackId: id,
      projectId: 'p',
      appId: 'a',
      endpointId,
      trigger: 'MESSAGE_SUBMIT' as const,
    };
    this.add(position, { ...item, stream: `message-${id}`, revision: 0, after: null }, more);
  }

  oweMany(from: number, to: number, more: More = {}): void {
    for (let position = from; position <= to; position++) this.owe(position, `m${String(position)}`, more);
  }

  /** A first try began, or failed, as the views show it. */
  show(ids: readonly string[], progress: OwedProgress, dueAt = this.time.ms): void {
    for (const id of ids) {
      const row = this.rows.get(id);
      if (row !== undefined) Object.assign(row, { progress, dueAt });
    }
  }

  /** Ids of the batches in their order. */
  batched(): (readonly string[])[] {
    return this.batches.map(({ ids }) => ids);
  }

  reactor(more: { readonly memoryLost?: boolean } = {}): Reactor {
    const { owed, cursors, starter, time, viewsCaughtUp } = this;
    const { clock, setTimer } = time;
    return createReactor({
      owed,
      cursors,
      starter,
      clock,
      setTimer,
      times: POLICY.reactor,
      ...(viewsCaughtUp && { viewsCaughtUp }),
      ...more,
    });
  }

  /** As `optledger reactor set` does. */
  async begin(after: bigint): Promise<void> {
    for (const kind of ['messages', 'callbacks'] as const) {
      const found = await this.cursors.load(floorName(kind));
      const value = { after: after.toString(), batch: null };
      await this.cursors.save(floorName(kind), value, found?.version ?? 'none');
    }
  }

  async started(after = 0n): Promise<Reactor> {
    await this.begin(after);
    const reactor = this.reactor();
    await reactor.start();
    await settle();
    return reactor;
  }

  private add(position: number, item: OwedItem, more: More): void {
    const id = idOf(item);
    const { dueAt = this.time.ms, contact = `of ${id}`, progress = 'waiting', class: of = 1 } = more;
    this.rows.set(id, { id, position: BigInt(position), dueAt, class: of, contact, item, progress });
  }

  private waitingIn(lane: Lane): OwedRow[] {
    return [...this.rows.values()].filter(
      ({ item, progress }) => progress === 'waiting' && laneOf(item) === lane,
    );
  }
}

const kindOf = (item: OwedItem): OwedKind => KIND_OF_LANE[laneOf(item)];

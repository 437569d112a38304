import { POLICY } from '../../bin/wiring/policy.js';
import type { OwedMessage } from '../../domain/owed.js';
import { createMemoryCursors } from '../../ledger/memory/memory-cursors.js';
import { LANES, type Lane } from '../../domain/owed.js';
import type { LaneItems, OwedKey, OwedRow } from '../../projections/owed/owed-reads.js';
import { cursorName } from '../../reactor/lane-cursor.js';
import type { OwedReader, SetTimer, WorkStarter } from '../../reactor/ports.js';
import { createReactor, type Reactor } from '../../reactor/reactor.js';

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
  readonly items: readonly LaneItems[Lane][];
  readonly at: number;
  end(): void;
}

/** A reactor with everything around it faked. */
export class ReactorWorld {
  readonly time = new VirtualTime();
  readonly cursors = createMemoryCursors();
  readonly batches: StartedBatch[] = [];
  readonly items: { lane: Lane; id: string }[] = [];
  rows: OwedRow<OwedMessage>[] = [];
  /** Throws instead of starting while it is set. */
  fault: (() => Error | undefined) | undefined;
  /** Holds starts until the test resolves it. */
  hold: Promise<void> | undefined;

  readonly owed: OwedReader = {
    after: <L extends Lane>(lane: L, position: bigint, limit: number) => {
      const found = lane === 'messages' ? this.rows.filter((row) => row.position > position) : [];
      return found.slice(0, limit) as unknown as OwedRow<LaneItems[L]>[];
    },
    overdue: <L extends Lane>(lane: L, dueBefore: number, limit: number, key: OwedKey | null) => {
      const found = this.rows
        .filter((row) => lane === 'messages' && row.dueAt <= dueBefore)
        .sort((a, b) => a.dueAt - b.dueAt || (a.id < b.id ? -1 : 1));
      const rest = key === null ? found : found.slice(found.findIndex(({ id }) => id === key.id) + 1);
      return rest.slice(0, limit) as unknown as OwedRow<LaneItems[L]>[];
    },
  };

  readonly starter: WorkStarter = {
    startBatch: async (lane, id, items) => {
      await this.hold;
      const fault = this.fault?.();
      if (fault !== undefined) throw fault;
      let end: () => void = () => undefined;
      const done = new Promise<void>((resolve) => (end = resolve));
      this.batches.push({ lane, id, items, at: this.time.ms, end });
      return { done };
    },
    startItem: async (lane, item) => {
      const id = 'messageId' in item ? item.messageId : item.callbackId;
      const fault = this.fault?.();
      if (fault !== undefined) throw fault;
      this.items.push({ lane, id });
    },
  };

  owe(position: number, id = `m${String(position)}`, dueAt = this.time.ms): void {
    const item = { messageId: id, projectId: 'p', appId: 'a', cause: null };
    this.rows.push({ id, dueAt, position: BigInt(position), item });
  }

  oweMany(from: number, to: number): void {
    for (let position = from; position <= to; position++) this.owe(position);
  }

  reactor(more: { readonly memoryLost?: boolean } = {}): Reactor {
    const { owed, cursors, starter, time } = this;
    const { clock, setTimer } = time;
    return createReactor({ owed, cursors, starter, clock, setTimer, times: POLICY.reactor, ...more });
  }

  /** As `optledger reactor set` does. */
  async begin(after: bigint): Promise<void> {
    for (const lane of LANES) {
      const found = await this.cursors.load(cursorName(lane));
      const value = { after: after.toString(), batch: null };
      await this.cursors.save(cursorName(lane), value, found?.version ?? 'none');
    }
  }

  async started(after = 0n): Promise<Reactor> {
    await this.begin(after);
    const reactor = this.reactor();
    await reactor.start();
    await settle();
    return reactor;
  }
}

import { randomUUID } from 'node:crypto';
import type { ProjectCreated } from '../../domain/events/events.js';
import type { CursorStore } from '../../ledger/cursor.js';
import { CAUGHT_UP, type Ledger, type Position, type Recorded } from '../../ledger/ledger.js';
import { projectStream } from '../../ledger/streams.js';

/** One ledger under test. */
export interface OpenLedger {
  readonly ledger: Ledger;
  readonly cursors: CursorStore;
}

export interface LedgerUnderTest {
  readonly name: string;
  open(): Promise<OpenLedger & { close(): Promise<void> }>;
  /** How many of a stream's last events an adapter promises to recognise as duplicates. */
  readonly duplicatesWithin: number;
  /** False: an id is looked for in its own stream only, and a repeat from beyond the look-back counts as new. */
  readonly knowsEveryId: boolean;
}

/** A valid event; the text pads it. */
export function newEvent(displayName = 'event', id: string = randomUUID()): ProjectCreated {
  return {
    id,
    type: 'project-created',
    version: 1,
    data: { projectId: 'p1', displayName },
    meta: {
      recordedAt: '2026-01-02T03:04:05.678Z',
      occurredAt: '2026-01-02T03:04:05.678Z',
      actor: { type: 'system' },
    },
  };
}

export const newEvents = (count: number): ProjectCreated[] =>
  Array.from({ length: count }, (_, i) => newEvent(`event ${String(i)}`));

/** A stream that nobody used before. */
export const newStream = (): string => projectStream(randomUUID());

/** Every event of a stream, oldest first. */
export async function readWhole(ledger: Ledger, stream: string): Promise<readonly Recorded[]> {
  const events: Recorded[] = [];
  for (;;) {
    const page = await ledger.readStream(stream, { from: events.length, direction: 'forwards', limit: 1000 });
    events.push(...page);
    if (page.length < 1000) return events;
  }
}

/** Position of the newest event, by reading everything. */
export async function headOf(ledger: Ledger): Promise<Position> {
  let head = 0n;
  for (;;) {
    const last = (await ledger.readAll({ after: head, limit: 1000 })).at(-1);
    if (last === undefined) return head;
    head = last.position;
  }
}

/** Collects until `enough` says so, then aborts. Marks are kept, as the word. */
export async function collect(
  ledger: Ledger,
  after: Position,
  enough: (seen: readonly (Recorded | 'caught up')[]) => boolean,
): Promise<readonly (Recorded | 'caught up')[]> {
  const seen: (Recorded | 'caught up')[] = [];
  const end = new AbortController();
  for await (const item of ledger.subscribe({ after, signal: end.signal })) {
    seen.push(item === CAUGHT_UP ? 'caught up' : item);
    if (enough(seen)) end.abort();
  }
  return seen;
}

export const idsOf = (seen: readonly (Recorded | 'caught up')[]): string[] =>
  seen.flatMap((item) => (item === 'caught up' ? [] : [item.event.id]));

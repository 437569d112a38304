import type { CursorStore } from './cursor.js';
import { REACTOR_CURSORS } from './create-ledger.js';
import { AppendTooLarge, RevisionConflict, TargetNotEmpty } from './errors.js';
import type { EventCodec } from './event-codec.js';
import type { LedgerEvent } from '../domain/events.js';
import { START, type Ledger, type Position, type Recorded } from './ledger.js';

/** Events as they are stored: nothing is judged and nothing brought to a newer version, so the text stays the same. */
export const AS_STORED: EventCodec = {
  validate: (event) => event,
  parse: (raw) => raw as LedgerEvent,
};

const PAGE = 1_000;
const MOST_TOGETHER = 50;
const CURSOR = 'copy';

/** How far a copy has come; stands in the target. */
interface Progress {
  readonly after: string;
  readonly events: number;
  readonly done: boolean;
}

export interface CopySource {
  readonly ledger: Pick<Ledger, 'readAll'>;
}

export interface CopyTarget {
  readonly ledger: Pick<Ledger, 'append' | 'readAll' | 'readStream'>;
  readonly cursors: CursorStore;
  /** Appends that may be under way together and still are written in their order. */
  readonly together: number;
}

export interface CopyOptions {
  readonly from: CopySource;
  readonly to: CopyTarget;
  /** @param events copied so far, those of an earlier try included */
  readonly onProgress: (events: number, position: Position) => void;
}

/**
 * Copies every event, opened `AS_STORED`, in the order of the whole ledger: same streams, ids, revisions and text at
 * other positions. A copy that was broken off goes on where it was. Ends with the reactor's cursors at the target's end,
 * so that nothing is handed over again.
 * @returns the number of events
 * @throws TargetNotEmpty; what the ledgers throw
 */
export async function copyLedger({ from, to, onProgress }: CopyOptions): Promise<number> {
  const begun = await begin(to);
  let { after, events, version } = begun;
  for (;;) {
    const page = await from.ledger.readAll({ after, limit: PAGE });
    const last = page.at(-1);
    if (last === undefined) break;
    await appendInOrder(to, togetherOf(page));
    after = last.position;
    events += page.length;
    const progress: Progress = { after: String(after), events, done: false };
    version = await to.cursors.save(CURSOR, progress, version);
    onProgress(events, after);
  }
  await putReactorAtEnd(to);
  const done: Progress = { after: String(after), events, done: true };
  await to.cursors.save(CURSOR, done, version);
  return events;
}

async function begin({
  ledger,
  cursors,
}: CopyTarget): Promise<{ after: Position; events: number; version: number }> {
  const kept = await cursors.load(CURSOR);
  const progress = kept?.value as Progress | undefined;
  if (kept !== undefined && progress?.done === false) {
    return { after: BigInt(progress.after), events: progress.events, version: kept.version };
  }
  const [stranger] = await ledger.readAll({ after: START, limit: 1 });
  if (stranger !== undefined)
    throw new TargetNotEmpty('the target holds events already: copy into an empty ledger');
  // Before the first event: else a copy that breaks off in its first page would take its own events for strangers.
  const first: Progress = { after: String(START), events: 0, done: false };
  const version = await cursors.save(CURSOR, first, kept?.version ?? 'none');
  return { after: START, events: 0, version };
}

/** Neighbours of one stream, which go in one append. */
function togetherOf(page: readonly Recorded[]): readonly (readonly Recorded[])[] {
  const groups: Recorded[][] = [];
  for (const recorded of page) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    const follows = before?.stream === recorded.stream && before.revision + 1 === recorded.revision;
    if (group !== undefined && follows && group.length < MOST_TOGETHER) group.push(recorded);
    else groups.push([recorded]);
  }
  return groups;
}

async function appendInOrder(
  { ledger, together }: CopyTarget,
  groups: readonly (readonly Recorded[])[],
): Promise<void> {
  for (let n = 0; n < groups.length; n += together) {
    await Promise.all(groups.slice(n, n + together).map((group) => appendGroup(ledger, group)));
  }
}

async function appendGroup(ledger: CopyTarget['ledger'], group: readonly Recorded[]): Promise<void> {
  const [first] = group;
  if (first === undefined) return;
  const expected = first.revision === 0 ? 'none' : first.revision - 1;
  try {
    await ledger.append(
      first.stream,
      group.map(({ event }) => event),
      expected,
    );
  } catch (error) {
    if (error instanceof AppendTooLarge && group.length > 1) {
      const half = Math.ceil(group.length / 2);
      await appendGroup(ledger, group.slice(0, half));
      await appendGroup(ledger, group.slice(half));
      return;
    }
    // From before a copy was broken off, further back than a target recognises by itself.
    if (!(error instanceof RevisionConflict) || !(await stands(ledger, group))) throw error;
  }
}

async function stands(ledger: CopyTarget['ledger'], group: readonly Recorded[]): Promise<boolean> {
  const [first] = group;
  if (first === undefined) return true;
  const limit = group.length;
  const found = await ledger.readStream(first.stream, { from: first.revision, direction: 'forwards', limit });
  return group.every(({ event }, n) => found[n]?.event.id === event.id);
}

async function putReactorAtEnd({ ledger, cursors }: CopyTarget): Promise<void> {
  let head = START;
  for (;;) {
    const page = await ledger.readAll({ after: head, limit: PAGE });
    const last = page.at(-1);
    if (last === undefined) break;
    head = last.position;
  }
  for (const name of REACTOR_CURSORS) {
    const kept = await cursors.load(name);
    await cursors.save(name, { after: String(head), batch: null }, kept?.version ?? 'none');
  }
}

import type { LedgerEvent } from '../../domain/events/events.js';
import type { Clock } from '../../domain/clock.js';
import { compareLedgers, type Compared } from './compare-ledgers.js';
import { appendInOrder } from './copy-appends.js';
import {
  openCopyJournal,
  copiedPlace,
  refuseUnfinishedCopy,
  type CopyJournal,
  type CopyProgress,
} from './copy-progress.js';
import { REACTOR_CURSORS } from '../commands/create-ledger.js';
import type { CursorStore } from '../cursor.js';
import { CopyDiffers, ForeignLedger, SourceInUse, TargetNotEmpty } from '../errors.js';
import type { EventCodec } from '../event-codec.js';
import { START, type Ledger, type Position } from '../ledger.js';
import { readPages } from '../reads/read-pages.js';

/** Leaves events as they are stored: nothing is judged and nothing brought to a newer version, so the text stays the same. */
export const AS_STORED: EventCodec = {
  validate: (event) => event,
  parse: (raw) => raw as LedgerEvent,
};

export interface CopySource {
  readonly ledger: Pick<Ledger, 'readAll' | 'readStream'>;
  readonly cursors: CursorStore;
  /** Position of its last event; nothing may be added after it while the copy runs. */
  readonly head: Position;
  /** Throws where the events up to `head` owe anything: nobody would do it, for the copy's reactor begins at its end. */
  readonly refuseOwed: () => Promise<void>;
}

export interface CopyTarget {
  readonly ledger: Pick<Ledger, 'append' | 'readAll' | 'readStream'>;
  readonly cursors: CursorStore;
  /** So many appends may be under way together and still are written in their order. */
  readonly together: number;
}

export interface CopyOptions {
  readonly from: CopySource;
  readonly to: CopyTarget;
  readonly clock: Clock;
  /**
   * @param events so far, those of an earlier try included
   * @param position in the source
   */
  readonly onProgress: (step: 'copying' | 'comparing', events: number, position: Position) => void;
}

/**
 * Copies every event, opened `AS_STORED`, in the order of the whole ledger: same streams, ids, revisions and text at
 * other positions; then compares both, and at last puts the reactor's cursors at the target's end, so that nothing is
 * handed over again. A copy that was broken off goes on where it was; until its end the target refuses to be used.
 * @throws ForeignLedger, SourceInUse, CopyUnfinished (the source is half a copy itself), TargetNotEmpty, CopyDiffers;
 *   what the ledgers throw
 */
export async function copyLedger({ from, to, clock, onProgress }: CopyOptions): Promise<Compared> {
  const ledgerId = await checkSource(from);
  const journal = await openCopyJournal(to.cursors);
  let progress = await begin(from, to, journal, ledgerId);
  // The progress is saved before anything else. Without it an empty target would be taken for a new ledger, and the events of
  // a copy that breaks off in its first page for somebody else's.
  await journal.save(progress);
  if (progress.drainedAt !== String(from.head)) {
    await from.refuseOwed();
    progress = { ...progress, drainedAt: String(from.head) };
    await journal.save(progress);
  }
  const after = progress.last === null ? START : BigInt(progress.last.position);
  for await (const page of readPages(from.ledger, after)) {
    const last = page.at(-1);
    if (last === undefined) continue;
    if (last.position > from.head) throw new SourceInUse(IN_USE);
    await appendInOrder({ ...to, clock }, page);
    progress = { ...progress, last: copiedPlace(last), events: progress.events + page.length };
    await journal.save(progress);
    onProgress('copying', progress.events, last.position);
  }
  const compared = await compareLedgers(from.ledger, to.ledger, (events, position) => {
    onProgress('comparing', events, position);
  });
  await putReactorAt(to.cursors, compared.end);
  await journal.save({ ...progress, done: true });
  return compared;
}

const IN_USE =
  'events were added to the source while it was copied: stop every process that uses it, and copy again';

/** Checks that the source is a whole ledger. @returns the ledger's id @throws ForeignLedger, CopyUnfinished */
export async function checkSource({
  ledger,
  cursors,
}: Pick<CopySource, 'ledger' | 'cursors'>): Promise<string> {
  await refuseUnfinishedCopy(cursors);
  const [first] = await ledger.readAll({ after: START, limit: 1 });
  if (first?.event.type === 'ledger-created') return first.event.data.ledgerId;
  throw new ForeignLedger('the source holds no ledger: nothing to copy');
}

async function begin(
  from: CopySource,
  { ledger }: CopyTarget,
  { kept }: CopyJournal,
  ledgerId: string,
): Promise<CopyProgress> {
  const last = kept?.last ?? null;
  if (last === null) {
    const [first] = await ledger.readAll({ after: START, limit: 1 });
    if (first === undefined) return { ledgerId, last, events: 0, drainedAt: '', done: false };
    if (kept === undefined) {
      throw new TargetNotEmpty('the target holds events already: copy into an empty ledger');
    }
  }
  if (kept?.ledgerId === ledgerId && (last === null || (await stands(from.ledger, last)))) return kept;
  throw new CopyDiffers(
    'a copy of another ledger, or from another store, was begun in this target: end that one, or take an empty target',
  );
}

/** Whether the source is the store where the earlier try saw this event: positions mean something there only. */
async function stands(
  ledger: CopySource['ledger'],
  { stream, revision, eventId, position }: NonNullable<CopyProgress['last']>,
): Promise<boolean> {
  const [found] = await ledger.readStream(stream, { from: revision, direction: 'forwards', limit: 1 });
  return found?.event.id === eventId && String(found.position) === position;
}

async function putReactorAt(cursors: CursorStore, end: Position): Promise<void> {
  for (const name of REACTOR_CURSORS) {
    const kept = await cursors.load(name);
    await cursors.save(name, { after: String(end), batch: null }, kept?.version ?? 'none');
  }
}

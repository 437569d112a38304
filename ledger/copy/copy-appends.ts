import type { Clock } from '../../domain/clock.js';
import { appendClearly } from '../append-clearly.js';
import { AppendTooLarge, RevisionConflict } from '../errors.js';
import type { Ledger, Recorded } from '../ledger.js';

const MOST_TOGETHER = 50;

export interface CopyAppends {
  readonly ledger: Pick<Ledger, 'append' | 'readStream'>;
  readonly clock: Clock;
  /** So many appends may be under way together and still are written in their order. */
  readonly together: number;
}

/**
 * Appends events of a ledger to another one, each stream at its revisions and all in their order. What stands there
 * from an earlier try is left as it is.
 * @throws RevisionConflict where something else stands there; AppendUnclear; LedgerUnavailable
 */
export async function appendInOrder(to: CopyAppends, events: readonly Recorded[]): Promise<void> {
  const groups = togetherOf(events);
  for (let n = 0; n < groups.length; n += to.together) {
    await Promise.all(groups.slice(n, n + to.together).map((group) => appendGroup(to, group)));
  }
}

/** Groups neighbours of one stream, which go in one append. */
function togetherOf(events: readonly Recorded[]): readonly (readonly Recorded[])[] {
  const groups: Recorded[][] = [];
  for (const recorded of events) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    const follows = before?.stream === recorded.stream && before.revision + 1 === recorded.revision;
    if (group !== undefined && follows && group.length < MOST_TOGETHER) group.push(recorded);
    else groups.push([recorded]);
  }
  return groups;
}

async function appendGroup(to: CopyAppends, group: readonly Recorded[]): Promise<void> {
  const [first] = group;
  if (first === undefined) return;
  const expected = first.revision === 0 ? 'none' : first.revision - 1;
  const events = group.map(({ event }) => event);
  try {
    const { duplicate, revision } = await appendClearly(to, first.stream, events, expected);
    // An earlier try may have ended its page, and with it this group, sooner.
    if (duplicate) await appendGroup(to, after(revision, group));
  } catch (error) {
    if (error instanceof AppendTooLarge && group.length > 1) {
      const half = Math.ceil(group.length / 2);
      await appendGroup(to, group.slice(0, half));
      await appendGroup(to, group.slice(half));
      return;
    }
    if (!(error instanceof RevisionConflict)) throw error;
    const copied = await copiedOf(to.ledger, first, group);
    if (copied === undefined) throw error;
    await appendGroup(to, after(copied, group));
  }
}

const after = (revision: number, group: readonly Recorded[]): readonly Recorded[] =>
  group.filter((recorded) => recorded.revision > revision);

/** Finds the revision of the last event of the group that stands already; undefined where none does, or something else. */
async function copiedOf(
  ledger: CopyAppends['ledger'],
  { stream, revision }: Recorded,
  group: readonly Recorded[],
): Promise<number | undefined> {
  const read = { from: revision, direction: 'forwards', limit: group.length } as const;
  const found = await ledger.readStream(stream, read);
  const same = found.every(({ event }, n) => group[n]?.event.id === event.id);
  return same ? found.at(-1)?.revision : undefined;
}

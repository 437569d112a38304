import type { ConsentChangeData, ContactState, OwnOptOut } from '../events/events.js';
import { LIST_TYPES, type Direction, type ListType } from '../lists.js';

type OwnOptOuts = NonNullable<ContactState['ownOptOuts']>;

/** Whether the person opted out themselves: by a keyword or a sentence, or by API with something that shows it. */
export function isOwn(change: {
  readonly direction: Direction;
  readonly origin: ConsentChangeData['origin'];
  readonly obtainedAt: string | undefined;
}): boolean {
  return (
    change.direction === 'OPT_OUT' && (change.origin !== 'ORIGIN_API' || change.obtainedAt !== undefined)
  );
}

/** Where nothing was kept, whoever is on a list counts as having asked for it: that errs towards the person. */
function ownOptOuts({ ownOptOuts: kept, standing }: ContactState): OwnOptOuts {
  if (kept !== undefined) return kept;
  const assumed = LIST_TYPES.flatMap((listType) => {
    const on = standing[listType];
    if (on === undefined || !on.optedOut) return [];
    return [[listType, { eventId: on.eventId, revision: on.revision, at: on.at }] as const];
  });
  return Object.fromEntries(assumed);
}

/** Makes the own opt-outs after one more change of a list, null where it was none. The newest moment counts, not the last event. */
export function withOwnOptOut(state: ContactState, listType: ListType, own: OwnOptOut | null): OwnOptOuts {
  const before = ownOptOuts(state);
  if (own === null) return before;
  const known = before[listType];
  const at = known !== undefined && known.at > own.at ? known.at : own.at;
  return { ...before, [listType]: { ...own, at } };
}

/** A time of whole seconds may mean any moment of its second. */
function lastMomentOf(at: string): string {
  return at.endsWith('.000Z') ? at.replace('.000Z', '.999Z') : at;
}

/**
 * Whether an opt-in was said before the person's own last opt-out of that list, and was only brought after it.
 * @param saidAt RFC 3339 UTC with ms
 */
export function isLateOptIn(state: ContactState, listType: ListType, saidAt: string): boolean {
  const own = ownOptOuts(state)[listType];
  return own !== undefined && lastMomentOf(saidAt) < own.at;
}

/** Whether nothing has taken the person off the list since. */
function stands({ standing }: ContactState, listType: ListType, own: OwnOptOut): boolean {
  const now = standing[listType];
  return now !== undefined && now.optedOut && now.revision <= own.revision;
}

/**
 * Finds the person's own opt-out that speaks against an opt-in by API: one that the evidence is not newer than, or, where
 * there is no evidence, one that stands; null when there is none. Opt-outs of systems never speak against it.
 * @param obtainedAt RFC 3339 UTC with ms; undefined where there is no evidence
 */
export function optInRefusedBy(
  state: ContactState,
  listType: ListType,
  obtainedAt: string | undefined,
): OwnOptOut | null {
  const own = ownOptOuts(state)[listType];
  if (own === undefined) return null;
  const refused = obtainedAt === undefined ? stands(state, listType, own) : obtainedAt <= own.at;
  return refused ? own : null;
}

import type { ContactContext } from './contact-commands.js';
import type { ContactState, KeywordMatch } from '../events/events.js';
import { isOptedOut, LIST_TYPES, type Direction, type ListType } from '../lists.js';
import { isLateOptIn } from './own-opt-outs.js';
import type { AppState } from '../settings.js';

/** Finds the lists that a change really moves; none when the contact stands there already. */
export function listsMoved(
  state: ContactState,
  lists: readonly ListType[],
  direction: Direction,
): readonly ListType[] {
  return lists.filter((list) => isOptedOut(state.standing, list) === (direction === 'OPT_IN'));
}

/** Finds the lists that a keyword means: START may be set to clear every list; any other word means its own. */
function listsMeant(match: KeywordMatch, app: AppState): readonly ListType[] {
  const isStart = match.direction === 'OPT_IN' && match.listType === 'OPT_OUT_ALL';
  return isStart && app.consent.startClearsAll ? LIST_TYPES : [match.listType];
}

/** Finds what a keyword moves. An opt-in that was said before the person's own last opt-out of a list leaves that list. */
export function listsMovedBy(
  match: KeywordMatch,
  saidAt: string,
  { state, app }: ContactContext,
): { readonly moved: readonly ListType[]; readonly late?: true } {
  const moved = listsMoved(state, listsMeant(match, app), match.direction);
  if (match.direction === 'OPT_OUT') return { moved };
  if (isLateOptIn(state, match.listType, saidAt)) return { moved: [], late: true };
  return { moved: moved.filter((list) => !isLateOptIn(state, list, saidAt)) };
}

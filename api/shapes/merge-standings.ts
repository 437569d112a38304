import { LIST_TYPES, type ListStanding, type ListType, type Standing } from '../../domain/lists.js';

/** An opt-out tells more than none, and of two alike the later one. */
function tellsMore(one: ListStanding, other: ListStanding | undefined): boolean {
  if (other === undefined) return true;
  return one.optedOut === other.optedOut ? one.at > other.at : one.optedOut;
}

function mostTelling(listType: ListType, standings: readonly Standing[]): ListStanding | undefined {
  return standings
    .flatMap((standing) => standing[listType] ?? [])
    .reduce<ListStanding | undefined>((best, one) => (tellsMore(one, best) ? one : best), undefined);
}

/** Where an identity stands that several contacts have: on a list where any of them is. */
export function mergeStandings(standings: readonly Standing[]): Standing {
  const lists = LIST_TYPES.flatMap((listType) => {
    const on = mostTelling(listType, standings);
    return on === undefined ? [] : [[listType, on] as const];
  });
  return Object.fromEntries(lists);
}

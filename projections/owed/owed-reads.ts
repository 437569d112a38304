import { KIND_OF_LANE, type Lane, type OwedItem, type OwedItems, type OwedKind } from '../../domain/owed.js';
import type { Position } from '../../ledger/ledger.js';
import type { OwedKey, OwedProgress, OwedRow, OwedScope, OwedTable, WaitingRow } from './owed-table.js';

export type { OwedKey, OwedProgress, OwedRow, OwedScope, WaitingRow } from './owed-table.js';

/** What was accepted or fell due and has not ended. */
export interface Owed {
  /** The app (of messages) or endpoint (of callbacks) next after this one by id for which something waits in a lane. */
  nextParty(lane: Lane, after: string): string | undefined;
  /**
   * What waits for its first try at one app or endpoint, in the order in which it is to be tried: notifications before
   * other sends, then in ledger order. A callback that another one goes before is left out until that has ended, or is
   * five minutes old.
   * @param scope of events after a position; `now` in ms since the epoch
   */
  waiting(
    lane: Lane,
    party: string,
    scope: { readonly after: Position; readonly now: number; readonly limit: number },
  ): readonly WaitingRow<OwedItem>[];
  /** How far an item has come. */
  progress(kind: OwedKind, id: string): OwedProgress;
  /**
   * Items due at or before a time, longest due first, after `key` of the page before. Due is when the event was recorded,
   * then when the last try began, and the time of the next try once one has failed.
   */
  due<K extends OwedKind>(
    kind: K,
    scope: OwedScope,
    limit: number,
    key: OwedKey | null,
  ): readonly OwedRow<OwedItems[K]>[];
  /** When the item that has been due longest fell due (ms since the epoch); null when nothing is owed. */
  oldestDue(kind: OwedKind): number | null;
  /** How many items have not ended. */
  count(kind: OwedKind): number;
}

export type OwedTables = { readonly [K in OwedKind]: OwedTable<OwedItems[K]> };

export function openOwed(tables: OwedTables): Owed {
  return {
    nextParty: (lane, after) => tables[KIND_OF_LANE[lane]].nextParty(lane, after),
    waiting: (lane, party, scope) => tables[KIND_OF_LANE[lane]].waiting(lane, party, scope),
    progress: (kind, id) => tables[kind].progress(id),
    due: <K extends OwedKind>(kind: K, scope: OwedScope, limit: number, key: OwedKey | null) =>
      tables[kind].due(scope, limit, key),
    oldestDue: (kind) => tables[kind].oldestDue(),
    count: (kind) => tables[kind].count(),
  };
}

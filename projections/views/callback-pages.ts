import type { DatabaseSync } from 'node:sqlite';
import type { Trigger } from '../../domain/events/events.js';
import { CALLBACK_COLUMNS, type CallbackState, type CallbackView } from './callback-view.js';
import { contactKeyOf } from '../paging/contact-key.js';
import { pageKeyOf, rowKeysAt } from '../paging/keyset.js';
import type { Minutes } from '../paging/minutes.js';
import { openNewestFirst, type Condition } from '../paging/newest-first.js';

/** Says which callbacks of a project are wanted; what is null does not matter. */
export interface CallbackFilter {
  readonly state: CallbackState | null;
  readonly appId: string | null;
  readonly endpointId: string | null;
  readonly contactId: string | null;
  readonly trigger: Trigger | null;
  /** Their events were recorded at or after `from` and before `to`, both RFC 3339 UTC with ms. */
  readonly from: string | null;
  readonly to: string | null;
}
export interface CallbackPage {
  readonly callbacks: readonly CallbackView[];
  /** Key to go on after; null at the end. A page of fewer callbacks than asked for, even of none, is not the end. */
  readonly nextKey: string | null;
}
export type CallbackPages = (
  projectId: string,
  filter: CallbackFilter,
  read: { readonly afterKey: string | null; readonly limit: number },
) => CallbackPage;

const KEYS = ['t.position', 't.seq'];

/** Pages callbacks in the order of their events, newest first. Throws RangeError for a key that no page gave. */
export function openCallbackPages(db: DatabaseSync, minutes: Pick<Minutes, 'range'>): CallbackPages {
  const slice = openNewestFirst(db);
  return (projectId, filter, { afterKey, limit }) => {
    const { from, within } = indexFor(projectId, filter);
    const { rows, next } = slice<CallbackView>(
      { from, select: CALLBACK_COLUMNS, keys: KEYS },
      { within, filters: filtersOf(projectId, filter), positions: minutes.range(filter.from, filter.to) },
      rowKeysAt(afterKey, KEYS.length),
      limit,
    );
    return { callbacks: rows, nextKey: next && pageKeyOf(next) };
  };
}

function indexFor(
  projectId: string,
  { contactId, state }: CallbackFilter,
): { readonly from: string; readonly within: readonly Condition[] } {
  if (contactId !== null) {
    const key = contactKeyOf(contactId);
    return { from: 'callbacks t INDEXED BY callbacks_by_contact', within: [['t.contact_key = ?', key]] };
  }
  switch (state) {
    case 'waiting':
      return { from: 'callbacks t INDEXED BY callbacks_waiting', within: [[`t.state = 'waiting'`, null]] };
    case 'parked':
      return {
        from: 'callbacks t INDEXED BY callbacks_parked',
        within: [
          [`t.state = 'parked'`, null],
          ['t.project_id = ?', projectId],
        ],
      };
    case 'delivered':
    case null:
      return { from: 'callbacks t NOT INDEXED', within: [] };
  }
}

function filtersOf(projectId: string, filter: CallbackFilter): readonly Condition[] {
  const all: readonly Condition[] = [
    ['t.project_id = ?', projectId],
    ['t.contact_id = ?', filter.contactId],
    ['t.state = ?', filter.state],
    ['t.app_id = ?', filter.appId],
    ['t.endpoint_id = ?', filter.endpointId],
    ['t.trigger_name = ?', filter.trigger],
    ['t.event_at >= ?', filter.from],
    ['t.event_at < ?', filter.to],
  ];
  return all.filter(([, value]) => value !== null);
}

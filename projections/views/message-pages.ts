import type { DatabaseSync } from 'node:sqlite';
import { contactKeyOf } from '../paging/contact-key.js';
import { pageKeyOf, rowKeysAt } from '../paging/keyset.js';
import { toMessageView, type MessageRow, type MessageView } from './message-view.js';
import type { Minutes } from '../paging/minutes.js';
import { openNewestFirst, type Condition } from '../paging/newest-first.js';

/** `received` is the state of every inbound message; the others are as in domain/messages/message.ts. */
export type MessageState =
  'received' | 'accepted' | 'handing-over' | 'waiting' | 'blocked' | 'dispatched' | 'failed';

/** Says which messages of a project are wanted; what is null does not matter. */
export interface MessageFilter {
  readonly appId: string | null;
  /** One of the recipients, or the sender of an inbound message. */
  readonly contactId: string | null;
  /** Channel of the recipient that was chosen (the first one until then), or of the inbound message. */
  readonly channel: string | null;
  readonly direction: MessageView['direction'] | null;
  readonly state: MessageState | null;
  /** They were acknowledged at or after `from` and before `to`, both RFC 3339 UTC with ms. */
  readonly from: string | null;
  readonly to: string | null;
}
export interface MessagePage {
  readonly messages: readonly MessageView[];
  /** Key to go on after; null at the end. A page of fewer messages than asked for, even of none, is not the end. */
  readonly nextKey: string | null;
}
export type MessagePages = (
  projectId: string,
  filter: MessageFilter,
  read: { readonly afterKey: string | null; readonly limit: number },
) => MessagePage;

const ALL = { from: 'messages t NOT INDEXED', select: 't.*', keys: ['t.position'] };
const OF_CONTACT = {
  from: 'message_contacts c CROSS JOIN messages t ON t.position = c.position',
  select: 't.*',
  keys: ['c.position'],
};

/** Pages messages in the order of their acknowledgement, newest first. Throws RangeError for a key that no page gave. */
export function openMessagePages(db: DatabaseSync, minutes: Pick<Minutes, 'range'>): MessagePages {
  const slice = openNewestFirst(db);
  return (projectId, filter, { afterKey, limit }) => {
    const { contactId } = filter;
    const { rows, next } = slice<MessageRow>(
      contactId === null ? ALL : OF_CONTACT,
      {
        within: contactId === null ? [] : [['c.contact_key = ?', contactKeyOf(contactId)]],
        filters: filtersOf(projectId, filter),
        positions: minutes.range(filter.from, filter.to),
      },
      rowKeysAt(afterKey, 1),
      limit,
    );
    return { messages: rows.map(toMessageView), nextKey: next && pageKeyOf(next) };
  };
}

function filtersOf(projectId: string, filter: MessageFilter): readonly Condition[] {
  const all: readonly Condition[] = [
    ['t.project_id = ?', projectId],
    // JSON writes every character of an id as it is.
    ['instr(t.recipients, ?) > 0', filter.contactId === null ? null : `"${filter.contactId}"]`],
    ['t.app_id = ?', filter.appId],
    [`json_extract(t.recipients, '$[' || t.recipient_index || '][0]') = ?`, filter.channel],
    [`(t.kind = 'INBOUND') = ?`, filter.direction === null ? null : Number(filter.direction === 'TO_APP')],
    ['t.state = ?', filter.state],
    ['t.accepted_at >= ?', filter.from],
    ['t.accepted_at < ?', filter.to],
  ];
  return all.filter(([, value]) => value !== null);
}

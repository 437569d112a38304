import type { DatabaseSync } from 'node:sqlite';
import type { ContactEvent } from '../../domain/events/events.js';
import { provesHandOver } from '../../domain/messages/message.js';
import type { OwedMessage } from '../../domain/owed.js';
import { dueReplyOf } from '../../domain/consent/reply-rules.js';
import type { Position, Recorded } from '../../ledger/ledger.js';
import { openOwedLane, type OwedLane } from './owed-lane.js';
import type { Projection } from '../engine/projection.js';

export const OWED_MESSAGES_TABLES = `
  CREATE TABLE owed_messages (
    position INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    message_id TEXT NOT NULL UNIQUE,
    due_at INTEGER NOT NULL,
    tried INTEGER NOT NULL,
    item TEXT NOT NULL
  ) STRICT;
  CREATE INDEX owed_messages_by_due ON owed_messages (due_at, message_id);
`;

export interface OwedMessages extends Projection {
  readonly lane: OwedLane<OwedMessage>;
}

/** Keeps a row for every accepted message and due reply from its birth to its end. */
export function openOwedMessages(db: DatabaseSync): OwedMessages {
  // A reply is owed from the event that causes it; its own first event finds it here.
  const insert = db.prepare('INSERT INTO owed_messages VALUES (?, 0, ?, ?, 0, ?) ON CONFLICT DO NOTHING');
  const remove = db.prepare('DELETE FROM owed_messages WHERE message_id = ?');
  const removeTried = db.prepare('DELETE FROM owed_messages WHERE message_id = ? AND tried = 1');
  const postpone = db.prepare('UPDATE owed_messages SET due_at = ? WHERE message_id = ?');
  const tried = db.prepare('UPDATE owed_messages SET tried = 1 WHERE message_id = ?');

  function owe(position: Position, recordedAt: string, item: OwedMessage): void {
    insert.run(position, item.messageId, Date.parse(recordedAt), JSON.stringify(item));
  }
  function oweReply({ stream, revision, position, event }: Recorded<ContactEvent>): void {
    const reply = dueReplyOf(event);
    if (reply === null) return;
    const { projectId, appId } = event.data;
    const item = { messageId: reply.messageId, projectId, appId, cause: { stream, revision } };
    owe(position, event.meta.recordedAt, item);
  }
  function end({ event }: { readonly event: { readonly data: { readonly messageId: string } } }): void {
    remove.run(event.data.messageId);
  }

  return {
    lane: openOwedLane<{ readonly item: string }, OwedMessage>(db, {
      table: 'owed_messages',
      where: 'true',
      id: 'message_id',
      columns: 'item',
      toItem: ({ item }) => JSON.parse(item) as OwedMessage,
    }),
    on: {
      'message-received': oweReply,
      'opted-out': oweReply,
      'opted-in': oweReply,
      'message-accepted': ({ position, event: { data, meta } }) => {
        const { messageId, projectId, appId, cause } = data;
        const from = cause && { stream: cause.stream, revision: cause.revision };
        owe(position, meta.recordedAt, { messageId, projectId, appId, cause: from });
      },
      'message-handing-over': ({ event: { data } }) => {
        tried.run(data.messageId);
      },
      'message-not-sent': ({ event: { data } }) => {
        if (data.retryAt !== null) postpone.run(Date.parse(data.retryAt), data.messageId);
      },
      'message-blocked': end,
      'message-dispatched': end,
      'message-failed': end,
      'message-reported': ({ event: { data } }) => {
        if (provesHandOver(data.status)) removeTried.run(data.messageId);
      },
    },
  };
}

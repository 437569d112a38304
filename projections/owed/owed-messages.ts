import type { DatabaseSync } from 'node:sqlite';
import type { ContactEvent } from '../../domain/events/events.js';
import { provesHandOver } from '../../domain/messages/message.js';
import type { ContentType } from '../../domain/lists.js';
import { laneOf, type OwedMessage } from '../../domain/owed.js';
import { dueReplyOf } from '../../domain/consent/reply-rules.js';
import type { Position, Recorded } from '../../ledger/ledger.js';
import { openOwedTable, type OwedTable } from './owed-table.js';
import type { Projection } from '../engine/projection.js';

export const OWED_MESSAGES_TABLES = `
  CREATE TABLE owed_messages (
    position INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    message_id TEXT NOT NULL UNIQUE,
    lane TEXT NOT NULL,
    app_id TEXT NOT NULL,
    class INTEGER NOT NULL,
    contact TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    progress INTEGER NOT NULL,
    item TEXT NOT NULL
  ) STRICT;
  CREATE INDEX owed_messages_waiting ON owed_messages (lane, app_id, class, position) WHERE progress = 0;
  CREATE INDEX owed_messages_by_due ON owed_messages (progress > 0, due_at, message_id);
`;

/** What somebody waits for goes before what somebody wants to sell. */
const CLASSES: Readonly<Record<ContentType, number>> = {
  CONTENT_NOTIFICATION: 0,
  CONTENT_UNKNOWN: 1,
  CONTENT_MARKETING: 1,
};

export interface OwedMessages extends Projection {
  readonly table: OwedTable<OwedMessage>;
}

interface Owing {
  readonly position: Position;
  /** RFC 3339. */
  readonly recordedAt: string;
  readonly contact: string;
  readonly contentType: ContentType;
}

/** Keeps a row for every accepted message and due reply from its birth to its end. */
export function openOwedMessages(db: DatabaseSync): OwedMessages {
  // A reply is owed from the event that causes it; its own first event finds it here.
  const insert = db.prepare(
    'INSERT INTO owed_messages VALUES (?, 0, ?, ?, ?, ?, ?, ?, 0, ?) ON CONFLICT DO NOTHING',
  );
  const remove = db.prepare('DELETE FROM owed_messages WHERE message_id = ?');
  const removeBegun = db.prepare('DELETE FROM owed_messages WHERE message_id = ? AND progress > 0');
  const begun = db.prepare('UPDATE owed_messages SET progress = 1, due_at = ? WHERE message_id = ?');
  // Only what was begun can have come to nothing.
  const tried = db.prepare(
    'UPDATE owed_messages SET progress = iif(progress = 0, 0, 2), due_at = ? WHERE message_id = ?',
  );

  function owe({ position, recordedAt, contact, contentType }: Owing, item: OwedMessage): void {
    const where = [laneOf(item), item.appId, CLASSES[contentType], contact] as const;
    insert.run(position, item.messageId, ...where, Date.parse(recordedAt), JSON.stringify(item));
  }
  function oweReply({ stream, revision, position, event }: Recorded<ContactEvent>): void {
    const reply = dueReplyOf(event);
    if (reply === null) return;
    const { projectId, appId, contactId } = event.data;
    const item = { messageId: reply.messageId, projectId, appId, cause: { stream, revision } };
    const { recordedAt } = event.meta;
    owe({ position, recordedAt, contact: contactId, contentType: 'CONTENT_UNKNOWN' }, item);
  }
  function end({ event }: { readonly event: { readonly data: { readonly messageId: string } } }): void {
    remove.run(event.data.messageId);
  }

  return {
    table: openOwedTable<{ readonly item: string }, OwedMessage>(db, {
      table: 'owed_messages',
      where: 'true',
      id: 'message_id',
      party: 'app_id',
      contact: 'contact',
      order: 'class, position',
      columns: 'item',
      toItem: ({ item }) => JSON.parse(item) as OwedMessage,
    }),
    on: {
      'message-received': oweReply,
      'opted-out': oweReply,
      'opted-in': oweReply,
      'message-accepted': ({ position, event: { data, meta } }) => {
        const { messageId, projectId, appId, cause, contentType, recipients } = data;
        const from = cause && { stream: cause.stream, revision: cause.revision };
        const contact = recipients[0]?.contactId ?? messageId;
        const owing = { position, recordedAt: meta.recordedAt, contact, contentType };
        owe(owing, { messageId, projectId, appId, cause: from });
      },
      'message-handing-over': ({ event: { data, meta } }) => {
        begun.run(Date.parse(meta.recordedAt), data.messageId);
      },
      'message-not-sent': ({ event: { data, meta } }) => {
        tried.run(Date.parse(data.retryAt ?? meta.recordedAt), data.messageId);
      },
      'message-blocked': end,
      'message-dispatched': end,
      'message-failed': end,
      'message-reported': ({ event: { data } }) => {
        if (provesHandOver(data.status)) removeBegun.run(data.messageId);
      },
    },
  };
}

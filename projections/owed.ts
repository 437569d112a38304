import type { DatabaseSync } from 'node:sqlite';
import type { OptedIn, OptedOut } from '../domain/events.js';
import { provesHandOver } from '../domain/message.js';
import type { OwedCallback, OwedMessage } from '../domain/owed.js';
import type { Position, Recorded } from '../ledger/ledger.js';
import type { DueCallback } from './fan-out.js';
import { openOwedReads, type Lane, type Owed } from './owed-reads.js';
import type { Projection } from './projection.js';

export const OWED_TABLES = `
  CREATE TABLE owed (
    lane TEXT NOT NULL,
    position INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    id TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    tried INTEGER NOT NULL,
    item TEXT NOT NULL,
    PRIMARY KEY (lane, position, seq)
  ) WITHOUT ROWID, STRICT;
  CREATE UNIQUE INDEX owed_by_id ON owed (id);
  CREATE INDEX owed_by_due ON owed (lane, due_at, id);
`;

export interface OwedRows extends Owed, Projection {
  /** Adds a callback that fell due. */
  add(due: DueCallback): void;
}

/** Every accepted message, due reply and due callback from its birth to its end. */
export function openOwed(db: DatabaseSync): OwedRows {
  // A reply is owed from the event that causes it; its own first event finds it here.
  const insert = db.prepare('INSERT INTO owed VALUES (?, ?, ?, ?, ?, 0, ?) ON CONFLICT (id) DO NOTHING');
  const remove = db.prepare('DELETE FROM owed WHERE id = ?');
  const removeTried = db.prepare('DELETE FROM owed WHERE id = ? AND tried = 1');
  const postpone = db.prepare('UPDATE owed SET due_at = ? WHERE id = ?');
  const tried = db.prepare('UPDATE owed SET tried = 1 WHERE id = ?');

  function owe(lane: Lane, place: Pick<DueCallback, 'position' | 'seq'>, dueAt: string, item: OwedCallback | OwedMessage): void {
    const id = 'callbackId' in item ? item.callbackId : item.messageId;
    insert.run(lane, place.position, place.seq, id, Date.parse(dueAt), JSON.stringify(item));
  }
  function oweReply({ stream, revision, position, event: { data, meta } }: Recorded<OptedOut | OptedIn>): void {
    if (data.reply === null) return;
    const { projectId, appId, reply } = data;
    const item = { messageId: reply.messageId, projectId, appId, cause: { stream, revision } };
    owe('messages', { position, seq: 0 }, meta.recordedAt, item);
  }
  function endMessage({ event: { data } }: { readonly event: { readonly data: { readonly messageId: string } } }): void {
    remove.run(data.messageId);
  }
  function endCallback({ event: { data } }: { readonly event: { readonly data: { readonly callbackId: string } } }): void {
    remove.run(data.callbackId);
  }

  return {
    ...openOwedReads(db),
    add: (due) => {
      owe('callbacks', due, due.eventAt, due.item);
    },
    on: {
      'opted-out': oweReply,
      'opted-in': oweReply,
      'message-accepted': ({ position, event: { data, meta } }) => {
        const { messageId, projectId, appId, cause } = data;
        const from = cause && { stream: cause.stream, revision: cause.revision };
        owe('messages', { position, seq: 0 }, meta.recordedAt, { messageId, projectId, appId, cause: from });
      },
      'message-handing-over': ({ event: { data } }) => {
        tried.run(data.messageId);
      },
      'message-not-sent': ({ event: { data } }) => {
        if (data.retryAt !== null) postpone.run(Date.parse(data.retryAt), data.messageId);
      },
      'message-blocked': endMessage,
      'message-dispatched': endMessage,
      'message-failed': endMessage,
      'message-reported': ({ event: { data } }) => {
        if (provesHandOver(data.status)) removeTried.run(data.messageId);
      },
      'callback-attempted': ({ event: { data } }) => {
        postpone.run(Date.parse(data.nextAttemptAt), data.callbackId);
      },
      'callback-delivered': endCallback,
      'callback-parked': endCallback,
    },
  };
}

import type { DatabaseSync } from 'node:sqlite';
import type { MessageAccepted, MessageReceived, ReportStatus } from '../../domain/events/events.js';
import { provesHandOver, type MessageProgress } from '../../domain/messages/message.js';
import type { Recorded } from '../../ledger/ledger.js';
import type { MessageContacts } from './message-contacts.js';
import { openMessagePages, type MessagePages } from './message-pages.js';
import { toMessageView, type MessageRow, type MessageView } from './message-view.js';
import type { Minutes } from '../paging/minutes.js';
import type { Projection } from '../engine/projection.js';

export const MESSAGES_TABLES = `
  CREATE TABLE messages (
    position INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL UNIQUE,
    project_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    recipients TEXT NOT NULL,
    sender TEXT NOT NULL,
    content TEXT,
    other_content TEXT,
    metadata TEXT NOT NULL,
    accepted_at TEXT NOT NULL,
    processing_mode TEXT NOT NULL,
    state TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    recipient_index INTEGER NOT NULL,
    reason TEXT,
    reported TEXT,
    provider_message_id TEXT
  ) STRICT;
  CREATE INDEX messages_by_provider ON messages (app_id, provider_message_id)
    WHERE provider_message_id IS NOT NULL;
`;

/** Messages of both directions, from their acknowledgement on. */
export interface Messages {
  get(projectId: string, messageId: string): MessageView | undefined;
  /** Finds our id of a message of the app by its provider's; undefined where the provider told none, or another. */
  findSent(appId: string, providerMessageId: string): string | undefined;
  readonly page: MessagePages;
}
type State = MessageProgress['state'];
const ACCEPTED: State = 'accepted';

export function openMessages(
  db: DatabaseSync,
  { minutes, contacts }: { readonly minutes: Minutes; readonly contacts: Pick<MessageContacts, 'add'> },
): Messages & Projection {
  const insert = db.prepare(
    'INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, NULL, NULL, NULL) ON CONFLICT DO NOTHING',
  );
  // The first end stays, as it does in domain/messages/message.ts.
  const OPEN = `message_id = ? AND state NOT IN ('blocked', 'dispatched', 'failed')`;
  const tried = db.prepare(`UPDATE messages SET state = 'handing-over', attempt = ? WHERE ${OPEN}`);
  const move = db.prepare(`UPDATE messages SET state = ? WHERE ${OPEN}`);
  const end = db.prepare(`UPDATE messages SET state = ?, recipient_index = ?, reason = ? WHERE ${OPEN}`);
  const report = db.prepare('UPDATE messages SET reported = ? WHERE message_id = ?');
  const named = db.prepare('UPDATE messages SET provider_message_id = ? WHERE message_id = ?');
  const proven = db.prepare(`UPDATE messages SET state = 'dispatched' WHERE ${OPEN} AND attempt > 0`);
  const sent = db.prepare('SELECT message_id FROM messages WHERE app_id = ? AND provider_message_id = ?');
  const one = db.prepare('SELECT * FROM messages WHERE message_id = ? AND project_id = ?');

  function received({ position, event: { data, personal, meta } }: Recorded<MessageReceived>): void {
    const { messageId, projectId, appId, contactId, channel, processingMode } = data;
    const { identity = '', sender = '', text = null, content, metadata = '' } = personal ?? {};
    const said = [text, content === undefined ? null : JSON.stringify(content), metadata] as const;
    const what = ['INBOUND', JSON.stringify([[channel, identity, contactId]]), sender, ...said] as const;
    insert.run(position, messageId, projectId, appId, ...what, meta.recordedAt, processingMode, 'received');
    minutes.note(position, meta.recordedAt);
    contacts.add(position, [contactId]);
  }
  function accepted({ position, event: { data, personal, meta } }: Recorded<MessageAccepted>): void {
    const { messageId, projectId, appId, kind, processingMode } = data;
    const { identities = [], sender = '', message = {}, metadata = '' } = personal ?? {};
    const contactIds = data.recipients.map(({ contactId }) => contactId);
    const recipients = data.recipients.map(({ channel }, i) => [channel, identities[i] ?? '', contactIds[i]]);
    const what = [kind, JSON.stringify(recipients), sender, JSON.stringify(message), null, metadata] as const;
    insert.run(position, messageId, projectId, appId, ...what, meta.recordedAt, processingMode, ACCEPTED);
    minutes.note(position, meta.recordedAt);
    contacts.add(position, contactIds);
  }
  function reported(messageId: string, status: ReportStatus): void {
    report.run(status, messageId);
    if (provesHandOver(status)) proven.run(messageId);
  }

  return {
    on: {
      'message-received': received,
      'message-accepted': accepted,
      'message-handing-over': ({ event: { data } }) => {
        tried.run(data.attempt, data.messageId);
      },
      'message-not-sent': ({ event: { data } }) => {
        move.run('waiting' satisfies State, data.messageId);
      },
      'message-blocked': ({ event: { data } }) => {
        end.run('blocked' satisfies State, data.recipientIndex, data.listType, data.messageId);
      },
      'message-dispatched': ({ event: { data } }) => {
        const { messageId, recipientIndex, providerMessageId } = data;
        end.run('dispatched' satisfies State, recipientIndex, null, messageId);
        if (providerMessageId !== undefined) named.run(providerMessageId, messageId);
      },
      'message-failed': ({ event: { data } }) => {
        end.run('failed' satisfies State, 0, data.reason, data.messageId);
      },
      'message-reported': ({ event: { data } }) => {
        reported(data.messageId, data.status);
      },
    },
    get(projectId, messageId) {
      const row = one.get(messageId, projectId) as unknown as MessageRow | undefined;
      return row && toMessageView(row);
    },
    findSent: (appId, providerMessageId) =>
      sent.get(appId, providerMessageId)?.['message_id'] as string | undefined,
    page: openMessagePages(db, minutes),
  };
}

import type { DatabaseSync } from 'node:sqlite';
import type { Position } from '../../ledger/ledger.js';
import { contactKeyOf } from '../paging/contact-key.js';

export const MESSAGE_CONTACTS_TABLES = `
  CREATE TABLE message_contacts (
    contact_key INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (contact_key, position)
  ) WITHOUT ROWID, STRICT;
`;

/** Knows whom messages are about. */
export interface MessageContacts {
  /** The contact of the recipient that was chosen (the first one until then); null for an unknown message. */
  contactOf(messageId: string): string | null;
  /** Notes the contacts of the message at a position. */
  add(position: Position, contactIds: readonly string[]): void;
}

export function openMessageContacts(db: DatabaseSync): MessageContacts {
  const insert = db.prepare('INSERT INTO message_contacts VALUES (?, ?) ON CONFLICT DO NOTHING');
  const contact = db.prepare(`
    SELECT json_extract(recipients, '$[' || recipient_index || '][2]') AS id FROM messages WHERE message_id = ?`);
  return {
    contactOf: (messageId) => (contact.get(messageId) as { id: string | null } | undefined)?.id ?? null,
    add(position, contactIds) {
      for (const id of contactIds) insert.run(contactKeyOf(id), position);
    },
  };
}

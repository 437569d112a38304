import type { DatabaseSync } from 'node:sqlite';
import type { OptedIn, OptedOut } from '../../domain/events/events.js';
import { PHONE } from '../../domain/identity/channels.js';
import { subscriber } from '../../domain/identity/identity.js';
import type { ListType } from '../../domain/lists.js';
import type { Recorded } from '../../ledger/ledger.js';
import { afterKeyOf } from '../paging/keyset.js';
import type { Projection } from '../engine/projection.js';

export const CONSENT_LISTS_TABLES = `
  CREATE TABLE consent_lists (
    app_id TEXT NOT NULL,
    list_type TEXT NOT NULL,
    position INTEGER NOT NULL,
    contact_id TEXT NOT NULL,
    identity TEXT NOT NULL,
    is_phone INTEGER NOT NULL,
    PRIMARY KEY (app_id, list_type, position)
  ) WITHOUT ROWID, STRICT;
  CREATE UNIQUE INDEX consent_lists_by_contact ON consent_lists (contact_id, list_type);
  CREATE INDEX consent_lists_by_identity ON consent_lists (app_id, list_type, identity) WHERE NOT is_phone;
`;

export interface ListedIdentity {
  readonly identity: string;
  readonly contactId: string;
}
export interface ConsentListPage {
  readonly identities: readonly ListedIdentity[];
  /** Key of the next page; null on the last one. It carries a position, never an identity. */
  readonly nextKey: string | null;
}

/**
 * Who is on a list now, in the order in which they came onto it. Numbers as E.164 has them today; an identity that is on
 * it for several channels without phone numbers stands there once.
 */
export interface ConsentLists {
  /** @param afterKey `nextKey` of the page before, null for the first one. Throws RangeError for any other text */
  page(
    appId: string,
    listType: ListType,
    read: { readonly afterKey: string | null; readonly limit: number },
  ): ConsentListPage;
}

interface Row extends ListedIdentity {
  readonly key: string;
}

export function openConsentLists(db: DatabaseSync): ConsentLists & Projection {
  const insert = db.prepare(
    'INSERT INTO consent_lists (app_id, list_type, position, contact_id, identity, is_phone) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const remove = db.prepare('DELETE FROM consent_lists WHERE contact_id = ? AND list_type = ?');
  const select = db.prepare(`
    SELECT identity, contact_id AS contactId, CAST(position AS TEXT) AS key FROM consent_lists one
    WHERE app_id = ? AND list_type = ? AND position > ? AND (is_phone OR NOT EXISTS (
      SELECT 1 FROM consent_lists same WHERE same.app_id = one.app_id AND same.list_type = one.list_type
      AND same.identity = one.identity AND NOT same.is_phone AND same.position < one.position))
    ORDER BY position LIMIT ?`);

  function optedOut({ position, event: { data, personal } }: Recorded<OptedOut>): void {
    const { family, canonical } = subscriber(data.channel, personal?.identity ?? '');
    const whom = [data.contactId, canonical, Number(family === PHONE)] as const;
    for (const list of data.moved) insert.run(data.appId, list, position, ...whom);
  }
  function optedIn({ event: { data } }: Recorded<OptedIn>): void {
    for (const list of data.moved) remove.run(data.contactId, list);
  }

  return {
    on: { 'opted-out': optedOut, 'opted-in': optedIn },
    page(appId, listType, { afterKey, limit }) {
      const rows = select.all(appId, listType, afterKeyOf(afterKey), limit + 1) as unknown as Row[];
      const identities = rows.slice(0, limit).map(({ identity, contactId }) => ({ identity, contactId }));
      return { identities, nextKey: rows.length > limit ? (rows[limit - 1]?.key ?? null) : null };
    },
  };
}

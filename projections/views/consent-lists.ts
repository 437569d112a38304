import type { DatabaseSync } from 'node:sqlite';
import type { OptedIn, OptedOut } from '../../domain/events/events.js';
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
    PRIMARY KEY (app_id, list_type, position)
  ) WITHOUT ROWID, STRICT;
  CREATE UNIQUE INDEX consent_lists_by_contact ON consent_lists (contact_id, list_type);
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

/** Who is on a list now, in the order in which they came onto it. */
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
    'INSERT INTO consent_lists (app_id, list_type, position, contact_id, identity) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const remove = db.prepare('DELETE FROM consent_lists WHERE contact_id = ? AND list_type = ?');
  const select = db.prepare(`
    SELECT identity, contact_id AS contactId, CAST(position AS TEXT) AS key FROM consent_lists
    WHERE app_id = ? AND list_type = ? AND position > ? ORDER BY position LIMIT ?`);

  function optedOut({ position, event: { data, personal } }: Recorded<OptedOut>): void {
    for (const list of data.moved) {
      insert.run(data.appId, list, position, data.contactId, personal?.identity ?? '');
    }
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

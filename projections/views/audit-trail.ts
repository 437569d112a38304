import type { DatabaseSync } from 'node:sqlite';
import type { ConsentChangeData, OptedIn, OptedOut } from '../../domain/events/events.js';
import type { ListType } from '../../domain/lists.js';
import type { Recorded } from '../../ledger/ledger.js';
import type { Projection } from '../engine/projection.js';

export const AUDIT_TRAIL_TABLES = `
  CREATE TABLE audit_records (
    contact_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    project_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    list_type TEXT NOT NULL,
    operation TEXT NOT NULL,
    origin TEXT NOT NULL,
    datetime TEXT NOT NULL,
    event_id TEXT NOT NULL,
    record_id TEXT NOT NULL,
    PRIMARY KEY (contact_id, position, seq)
  ) WITHOUT ROWID, STRICT;
`;

export interface AuditRecord {
  readonly origin: ConsentChangeData['origin'];
  readonly operation: 'OPERATION_INSERT' | 'OPERATION_UPDATE' | 'OPERATION_DELETE';
  readonly listType: ListType;
  readonly projectId: string;
  readonly appId: string;
  /** RFC 3339 UTC with ms, when the change was recorded. */
  readonly datetime: string;
  readonly eventId: string;
}

/** What ever happened to a contact's places on the lists. */
export interface AuditTrail {
  /**
   * All of these contacts, oldest first; empty for contacts that were never seen. A change that was recorded for
   * several of them, because it named no channel, is told once.
   */
  records(contactIds: readonly string[]): readonly AuditRecord[];
}

interface Row extends AuditRecord {
  readonly position: bigint;
  /** Shared by the changes that one record of a request came to. */
  readonly recordId: string;
}

export function openAuditTrail(db: DatabaseSync): AuditTrail & Projection {
  const insert = db.prepare('INSERT INTO audit_records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const select = db.prepare(`
    SELECT position, origin, operation, list_type AS listType, project_id AS projectId, app_id AS appId, datetime,
      event_id AS eventId, record_id AS recordId
    FROM audit_records WHERE contact_id = ? ORDER BY position, seq`);
  select.setReadBigInts(true);

  function write(
    { position, event: { id, data, meta } }: Recorded<OptedOut | OptedIn>,
    lists: readonly ListType[],
    operation: AuditRecord['operation'],
  ): void {
    const { contactId, projectId, appId, origin } = data;
    const recordId = origin === 'ORIGIN_API' ? (meta.correlationId ?? id) : id;
    const said = [operation, origin, meta.recordedAt, id, recordId] as const;
    lists.forEach((list, seq) => {
      insert.run(contactId, position, seq, projectId, appId, list, ...said);
    });
  }

  return {
    on: {
      'opted-out': (recorded) => {
        const { moved, listType } = recorded.event.data;
        if (moved.length > 0) write(recorded, moved, 'OPERATION_INSERT');
        else write(recorded, [listType], 'OPERATION_UPDATE');
      },
      // An opt-in by someone who is on no list changes no row, and so it leaves no record.
      'opted-in': (recorded) => {
        const { moved, late, listType } = recorded.event.data;
        // The row of the list stays as it was, and the trail tells that somebody asked.
        if (late === true) write(recorded, [listType], 'OPERATION_UPDATE');
        else write(recorded, moved, 'OPERATION_DELETE');
      },
    },
    records: (contactIds) => {
      const rows = contactIds.flatMap((contactId) => select.all(contactId) as unknown as Row[]);
      const inOrder = rows.toSorted((a, b) => Number(a.position - b.position));
      // The first of each record's stays.
      const once = new Map(inOrder.toReversed().map((row) => [`${row.recordId} ${row.listType}`, row]));
      return inOrder
        .filter((row) => once.get(`${row.recordId} ${row.listType}`) === row)
        .map(({ position: _position, recordId: _recordId, ...record }) => record);
    },
  };
}

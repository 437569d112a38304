import type { DatabaseSync } from 'node:sqlite';
import type { Scope } from '../../domain/events/events.js';
import type { Projection } from '../engine/projection.js';

export const ACCESS_KEYS_TABLES = `
  CREATE TABLE access_keys (
    key_id TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    project_id TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    scopes TEXT NOT NULL,
    label TEXT NOT NULL,
    created_at TEXT NOT NULL,
    revoked_at TEXT
  ) WITHOUT ROWID, STRICT;
`;

export interface AccessKeyView {
  readonly keyId: string;
  readonly projectId: string;
  /** Hex SHA-256 of the secret. */
  readonly secretHash: string;
  readonly scopes: readonly Scope[];
}

/** Keys that stand; a revoked one does not exist here. */
export interface AccessKeys {
  find(keyId: string): AccessKeyView | undefined;
}

interface Row extends Omit<AccessKeyView, 'scopes'> {
  readonly scopes: string;
}

export function openAccessKeys(db: DatabaseSync): AccessKeys & Projection {
  const insert = db.prepare(
    'INSERT INTO access_keys VALUES (?, ?, ?, ?, ?, ?, ?, NULL) ON CONFLICT DO NOTHING',
  );
  const revoke = db.prepare('UPDATE access_keys SET revoked_at = ? WHERE key_id = ? AND project_id = ?');
  const one = db.prepare(`
    SELECT key_id AS keyId, project_id AS projectId, secret_hash AS secretHash, scopes
    FROM access_keys WHERE key_id = ? AND revoked_at IS NULL`);
  // Every request asks for its key. The memory is exact: what changes a key forgets them all, and nobody reads within a fold.
  const known = new Map<string, AccessKeyView>();
  return {
    on: {
      'access-key-created': ({ position, event: { data, meta } }) => {
        known.clear();
        const scopes = JSON.stringify(data.scopes);
        insert.run(
          data.keyId,
          position,
          data.projectId,
          data.secretHash,
          scopes,
          data.label,
          meta.recordedAt,
        );
      },
      'access-key-revoked': ({ event: { data, meta } }) => {
        known.clear();
        revoke.run(meta.recordedAt, data.keyId, data.projectId);
      },
    },
    find(keyId) {
      const kept = known.get(keyId);
      if (kept !== undefined) return kept;
      const row = one.get(keyId) as unknown as Row | undefined;
      if (row === undefined) return undefined;
      const key = { ...row, scopes: JSON.parse(row.scopes) as Scope[] };
      known.set(keyId, key);
      return key;
    },
  };
}

import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { AccessKeyCreated, AccessKeyRevoked } from '../../../../domain/events/events.js';
import { ACCESS_KEYS_TABLES, openAccessKeys } from '../../../../projections/views/access-keys.js';

const at = '2026-01-02T03:04:05.678Z';
const meta = { recordedAt: at, occurredAt: at, actor: { type: 'system' } } as const;
const id = '8a2d3972-18d9-446a-ac34-254d07b655d2';

const created: AccessKeyCreated = {
  id,
  type: 'access-key-created',
  version: 1,
  data: { projectId: 'p1', keyId: 'k1', secretHash: 'ab', scopes: ['read'], label: '' },
  meta,
};
const revoked: AccessKeyRevoked = {
  id,
  type: 'access-key-revoked',
  version: 1,
  data: { projectId: 'p1', keyId: 'k1' },
  meta,
};

describe('access keys', () => {
  it('know a new key and forget a revoked one, though they were asked for before', () => {
    const db = new DatabaseSync(':memory:');
    db.exec(ACCESS_KEYS_TABLES);
    const keys = openAccessKeys(db);
    const place = { stream: 'project-p1', revision: 0, position: 1n };
    expect(keys.find('k1')).toBeUndefined();
    keys.on['access-key-created']?.({ ...place, event: created });
    expect(keys.find('k1')).toEqual({ keyId: 'k1', projectId: 'p1', secretHash: 'ab', scopes: ['read'] });
    expect(keys.find('k1')).toBe(keys.find('k1'));
    keys.on['access-key-revoked']?.({ ...place, event: revoked });
    expect(keys.find('k1')).toBeUndefined();
    db.close();
  });
});

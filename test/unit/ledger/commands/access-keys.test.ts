import { beforeEach, describe, expect, it } from 'vitest';
import {
  createAccessKey,
  createProject,
  newAccessKey,
  verifySecret,
} from '../../../../ledger/commands/access-keys.js';
import { createMemoryLedger, type MemoryLedger } from '../../../../ledger/memory/memory-ledger.js';
import { projectStream } from '../../../../ledger/streams.js';

const actor = { type: 'system' } as const;
const clock = { now: () => Date.parse('2026-01-02T03:04:05.678Z') };
let ledger: MemoryLedger;
beforeEach(() => {
  ledger = createMemoryLedger();
});
const create = (projectId: string, key = newAccessKey(clock)) =>
  createAccessKey({ ledger, clock }, { projectId, key, scopes: ['read', 'send'], label: 'shop', actor });
const events = async () =>
  (await ledger.readStream(projectStream('p1'), { from: 0, direction: 'forwards', limit: 10 })).map(
    ({ event }) => event,
  );

describe('access keys', () => {
  it('are kept as a hash that tells the secret from others', async () => {
    await createProject({ ledger, clock }, { projectId: 'p1', displayName: 'One', actor });
    const key = newAccessKey(clock);
    await create('p1', key);
    const last = (await events()).at(-1);
    if (last?.type !== 'access-key-created') throw new Error('no key');
    expect(last.data).toMatchObject({
      projectId: 'p1',
      keyId: key.keyId,
      scopes: ['read', 'send'],
      label: 'shop',
    });
    expect(JSON.stringify(last)).not.toContain(key.keySecret);
    expect(verifySecret(key.keySecret, last.data.secretHash)).toBe(true);
    expect(verifySecret(`${key.keySecret}x`, last.data.secretHash)).toBe(false);
    expect(verifySecret('', last.data.secretHash)).toBe(false);
    expect(verifySecret(key.keySecret, 'no hash')).toBe(false);
  });

  it('have 256 random bits, no two alike', () => {
    const [one, other] = [newAccessKey(clock), newAccessKey(clock)];
    expect(Buffer.from(one.keySecret, 'base64url')).toHaveLength(32);
    expect(one.keyId).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(one).not.toEqual(other);
  });

  it('belong to a project that exists, which exists once', async () => {
    await expect(create('p1')).rejects.toMatchObject({ code: 'project-not-found' });
    await createProject({ ledger, clock }, { projectId: 'p1', displayName: 'One', actor });
    await expect(
      createProject({ ledger, clock }, { projectId: 'p1', displayName: 'Two', actor }),
    ).rejects.toMatchObject({
      code: 'project-exists',
    });
    expect((await events()).map(({ type }) => type)).toEqual(['project-created']);
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import type { LedgerEvent, Scope } from '../../../../domain/events/events.js';
import { createAccessKey, createProject, newAccessKey } from '../../../../ledger/commands/access-keys.js';
import { deriveId } from '../../../../ledger/event-ids.js';
import { createMemoryLedger, type MemoryLedger } from '../../../../ledger/memory/memory-ledger.js';
import { revokeAccessKey } from '../../../../ledger/commands/revoke-access-key.js';
import { readKeysInForce } from '../../../../ledger/reads/access-key-reads.js';
import { projectStream } from '../../../../ledger/streams.js';

const system = { type: 'system' } as const;
const clock = { now: () => Date.parse('2026-01-02T03:04:05.678Z') };
let ledger: MemoryLedger;
beforeEach(async () => {
  ledger = createMemoryLedger();
  for (const projectId of ['p1', 'p2'])
    await createProject({ ledger, clock }, { projectId, displayName: projectId, actor: system });
});

async function create(scopes: readonly Scope[], projectId = 'p1'): Promise<string> {
  const key = newAccessKey(clock);
  await createAccessKey({ ledger, clock }, { projectId, key, scopes, label: scopes.join(), actor: system });
  return key.keyId;
}
const revoke = (keyId: string, projectId = 'p1') =>
  revokeAccessKey({ ledger, clock }, { projectId, keyId, actor: { type: 'access-key', id: 'who' } });
const inForce = async (projectId = 'p1') =>
  (await readKeysInForce(ledger, projectId)).map(({ keyId }) => keyId);

/** 499 times what was recorded last, of other keys: by commands each would read all of the ones before it. */
async function appendAlmostAPage(): Promise<void> {
  const stream = projectStream('p1');
  const recorded = await ledger.readStream(stream, { from: 'end', direction: 'backwards', limit: 2 });
  const pair = recorded.map(({ event }) => event).reverse();
  const more = Array.from({ length: 499 }, (_, n) =>
    pair.map((event) => {
      if (event.type !== 'access-key-created' && event.type !== 'access-key-revoked') return event;
      const keyId = `${event.data.keyId}-${String(n)}`;
      return { ...event, id: deriveId(keyId, event.type), data: { ...event.data, keyId } } as LedgerEvent;
    }),
  );
  await ledger.append(stream, more.flat(), recorded[0]?.revision ?? 0);
}

describe('keys in force', () => {
  it('are those of the project that nobody revoked, oldest first, with what is known of them', async () => {
    const [one, two, three] = [
      await create(['admin']),
      await create(['read', 'send']),
      await create(['read']),
    ];
    await create(['admin'], 'p2');
    expect(await inForce()).toEqual([one, two, three]);
    await revoke(two);
    expect(await inForce()).toEqual([one, three]);
    expect((await readKeysInForce(ledger, 'p1'))[1]).toEqual({
      keyId: three,
      label: 'read',
      scopes: ['read'],
      createdAt: '2026-01-02T03:04:05.678Z',
      createdBy: system,
    });
    expect(await inForce('nobody')).toEqual([]);
  });

  it('are read whole, however long the stream is', async () => {
    const first = await create(['admin']);
    await revoke(await create(['read']));
    await appendAlmostAPage();
    const last = await create(['read']);
    expect(await inForce()).toEqual([first, last]);
  });

  it('are at most 100 at a time', async () => {
    const keys = [];
    for (let n = 0; n < 100; n++) keys.push(await create(['admin']));
    await expect(create(['read'])).rejects.toMatchObject({ code: 'too-many-access-keys' });
    await revoke(keys[7] ?? '');
    expect(await create(['read'])).toMatch(/./);
  });
});

describe('revokeAccessKey', () => {
  it('writes who revoked it, and a second time nothing', async () => {
    await create(['admin']);
    const key = await create(['read']);
    expect(await revoke(key)).toMatchObject({ revision: 3 });
    expect(await revoke(key)).toBeNull();
    const [last] = await ledger.readStream(projectStream('p1'), {
      from: 'end',
      direction: 'backwards',
      limit: 1,
    });
    expect(last).toMatchObject({
      revision: 3,
      event: {
        type: 'access-key-revoked',
        data: { projectId: 'p1', keyId: key },
        meta: { actor: { type: 'access-key', id: 'who' } },
      },
    });
  });

  it('knows nothing of other projects’ keys', async () => {
    await create(['admin']);
    const foreign = await create(['read'], 'p2');
    await expect(revoke(foreign)).rejects.toMatchObject({ code: 'access-key-not-found' });
    await expect(revoke('nobody')).rejects.toMatchObject({ code: 'access-key-not-found' });
    expect(await inForce('p2')).toEqual([foreign]);
  });

  it('leaves a project its last admin key, whatever else stands and however many try at once', async () => {
    const [one, two] = [await create(['admin']), await create(['read', 'admin'])];
    await create(['read']);
    const ended = await Promise.allSettled([revoke(one), revoke(two)]);
    expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(ended[1]).toMatchObject({ reason: { code: 'last-admin-key' } });
    await expect(revoke(two)).rejects.toMatchObject({ code: 'last-admin-key' });
    await create(['admin']);
    expect(await revoke(two)).not.toBeNull();
  });
});

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAppEventCache } from '../../../../ledger/sqlite/app-event-cache.js';
import type { Recorded } from '../../../../ledger/ledger.js';
import { openSqliteLedger } from '../../../../ledger/sqlite/sqlite-ledger.js';
import { appStream } from '../../../../ledger/streams.js';
import { APP, commandWorld } from '../../../worlds/command-world.js';

const app = appStream(APP);

async function lastEvent(): Promise<Recorded> {
  const { ledger } = await commandWorld();
  const [last] = await ledger.readStream(app, { from: 'end', direction: 'backwards', limit: 1 });
  if (last === undefined) throw new Error('no event');
  return last;
}

/** Counts how often it is asked. */
function reader(answer: Recorded | undefined) {
  const asked = { times: 0 };
  const read = (): Recorded | undefined => {
    asked.times += 1;
    return answer;
  };
  return { asked, read };
}

describe('cache of apps’ last events', () => {
  it('reads once until something is appended', async () => {
    const cache = createAppEventCache();
    const { asked, read } = reader(await lastEvent());
    const first = cache.last(app, read);
    expect(cache.last(app, read)).toBe(first);
    expect(asked.times).toBe(1);
    cache.forget(app);
    cache.last(app, read);
    expect(asked.times).toBe(2);
  });

  it('keeps no other stream, and no absence', async () => {
    const cache = createAppEventCache();
    const contact = reader(await lastEvent());
    const nothing = reader(undefined);
    for (let i = 0; i < 2; i += 1) {
      cache.last('contact-1', contact.read);
      expect(cache.last(app, nothing.read)).toBeUndefined();
    }
    expect([contact.asked.times, nothing.asked.times]).toEqual([2, 2]);
  });

  it('gives out what nobody can alter', async () => {
    const kept = createAppEventCache().last(app, reader(await lastEvent()).read);
    const state = kept?.event.type === 'app-created' ? kept.event.data.state : undefined;
    expect(Object.isFrozen(state?.consent.languages)).toBe(true);
    expect(() => Object.assign(state?.consent ?? {}, { mode: 'SECONDARY' })).toThrow(TypeError);
  });

  it('stays small', async () => {
    const cache = createAppEventCache(2);
    const { asked, read } = reader(await lastEvent());
    for (const id of ['a', 'b', 'c', 'a']) cache.last(appStream(id), read);
    expect(asked.times).toBe(4);
  });

  it('is exact in the SQLite ledger: a read after an acknowledgement sees it, a refused append changes nothing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'optledger-cache-'));
    const files = { file: join(folder, 'ledger.db'), lockFile: join(folder, 'ledger.lock') };
    const ledger = await openSqliteLedger(files);
    const { event } = await lastEvent();
    const revisionRead = (): number | undefined => ledger.readLast(app)?.revision;
    for (let revision = 0; revision < 20; revision += 1) {
      const expected = revision === 0 ? 'none' : revision - 1;
      const append = (): Promise<unknown> => ledger.append(app, [{ ...event, id: randomUUID() }], expected);
      const appending = Promise.allSettled([append(), append()]);
      expect(revisionRead()).toBe(revision === 0 ? undefined : revision - 1);
      expect((await appending).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
      expect(revisionRead()).toBe(revision);
    }
    await ledger.close();
    rmSync(folder, { recursive: true });
  });
});

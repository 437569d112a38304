import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeBackup, unfinishedBackups } from '../../../../bin/backup/make-backup.js';
import { restoreBackup } from '../../../../bin/backup/restore-backup.js';
import { readConfig } from '../../../../bin/config.js';
import { ensureLedger } from '../../../../ledger/commands/create-ledger.js';
import { openRootKey } from '../../../../ledger/keys/root-key.js';
import { openSqliteLedger } from '../../../../ledger/sqlite/sqlite-ledger.js';

// What stands in a backup and what is refused, without processes; under load: test/acceptance/backup.test.ts.

const clock = { now: () => Date.parse('2026-01-02T03:04:05.678Z') };
const keyText = Buffer.alloc(32, 7).toString('base64');
const otherKey = Buffer.alloc(32, 8).toString('base64');
let folder: string;
const at = (...names: string[]): string => join(folder, ...names);
const configOf = (dir: string, environment: Record<string, string> = {}) =>
  readConfig({ DATA_DIR: at(dir), ...environment });

const make = (to: string, environment: Record<string, string> = {}) =>
  makeBackup({
    ...{ config: configOf('live', environment), to: at(to), clock, version: '1.2.3' },
    ...{ onProgress: () => undefined, onBegin: () => undefined },
  });
const restore = (from: string, to: string, environment: Record<string, string> = {}) =>
  restoreBackup({
    ...{ config: configOf(to, environment), from: at(from), clock, onProgress: () => undefined },
  });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'optledger-backup-'));
  mkdirSync(at('live'));
  writeFileSync(at('live', 'root.key'), keyText);
  const { ledgerFile: file, lockFile } = configOf('live');
  const ledger = await openSqliteLedger({ file, lockFile });
  const rootKey = openRootKey(Buffer.alloc(32, 7));
  await ensureLedger({ ledger, cursors: ledger.cursors, rootKey, clock, newId: () => 'aa' });
  await ledger.close();
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('a backup', () => {
  it('says in its manifest what it is', async () => {
    expect(await make('b')).toMatchObject({ ledgerId: 'aa', lastPosition: '1', rootKey: 'included' });
    expect(JSON.parse(readFileSync(at('b', 'manifest.json'), 'utf8'))).toMatchObject({
      ...{ format: 1, version: '1.2.3', madeAt: '2026-01-02T03:04:05.678Z' },
      ledger: { id: 'aa', lastPosition: '1' },
      rootKey: { bytes: keyText.length },
    });
  });

  it('leaves a key that is kept elsewhere where it is, and a restore asks for it', async () => {
    expect(await make('b', { ROOT_KEY: keyText })).toMatchObject({ rootKey: 'elsewhere' });
    expect(readdirSync(at('b')).sort()).toEqual(['ledger.db', 'manifest.json']);
    await expect(restore('b', 'r')).rejects.toThrow(/give it by ROOT_KEY or ROOT_KEY_FILE/);
    await expect(restore('b', 'r', { ROOT_KEY: otherKey })).rejects.toThrow(/ROOT_KEY is not the root key/);
    expect(await restore('b', 'r', { ROOT_KEY: keyText })).toMatchObject({ ledgerId: 'aa', resumed: false });
    expect(existsSync(at('r', 'root.key'))).toBe(false);
  });

  it('is made without a key where none is known, and says so', async () => {
    rmSync(at('live', 'root.key'));
    expect(await make('b')).toMatchObject({ rootKey: 'missing' });
  });

  it('is not made with a key of another ledger, and leaves nothing behind', async () => {
    writeFileSync(at('live', 'root.key'), otherKey);
    await expect(make('b')).rejects.toThrow(/is not the one that the ledger was made with/);
    expect(readdirSync(folder)).toEqual(['live']);
  });

  it('goes into an empty folder, and into no other', async () => {
    mkdirSync(at('b'));
    await make('b');
    await expect(make('b')).rejects.toThrow(/is not empty/);
  });

  it('does not take what was broken off for one', async () => {
    mkdirSync(at('b.unfinished-abc'));
    mkdirSync(at('bb'));
    expect(unfinishedBackups(at('b'))).toEqual([at('b.unfinished-abc')]);
    expect(unfinishedBackups(at('nowhere', 'b'))).toEqual([]);
  });

  it('is of the embedded ledger only, as is a restore', async () => {
    const server = { LEDGER_URL: 'esdb://127.0.0.1:2113?tls=false' };
    await expect(make('b', server)).rejects.toThrow(/by the means of that server/);
    await expect(restore('b', 'r', server)).rejects.toThrow(/by the means of that server/);
  });
});

describe('a restore', () => {
  it('takes no manifest but ours', async () => {
    await make('b');
    const file = at('b', 'manifest.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as object;
    writeFileSync(file, JSON.stringify({ ...manifest, format: 2 }));
    await expect(restore('b', 'r')).rejects.toThrow(/newer release/);
    writeFileSync(file, JSON.stringify({ ...manifest, ledger: { id: 'aa' } }));
    await expect(restore('b', 'r')).rejects.toThrow(/ledger\.bytes/);
    rmSync(file);
    await expect(restore('b', 'r')).rejects.toThrow(/is not a whole backup/);
  });

  it.each(['ledger.db', 'root.key'])('says so when %s is missing', async (name) => {
    await make('b');
    rmSync(at('b', name));
    await expect(restore('b', 'r')).rejects.toThrow(`${name} is missing`);
    expect(existsSync(at('r', 'ledger.db.copying'))).toBe(false);
  });

  it('goes on with its own backup only', async () => {
    await make('b');
    await restore('b', 'r');
    const { ledgerFile: file, lockFile } = configOf('live');
    const ledger = await openSqliteLedger({ file, lockFile });
    await ledger.append('project-x', [{ ...project }], 'none');
    await ledger.close();
    await make('later');
    // As if it had been broken off before its last step.
    mkdirSync(at('r2'));
    writeFileSync(at('r2', 'ledger.db.restoring'), readFileSync(at('r', 'ledger.db')), { mode: 0o600 });
    await expect(restore('later', 'r2')).rejects.toThrow(/a restore of another backup/);
    expect(await restore('b', 'r2')).toMatchObject({ resumed: true });
  });
});

const project = {
  id: '00000000-0000-4000-8000-000000000001',
  type: 'project-created',
  version: 1,
  data: { projectId: 'x', displayName: 'x' },
  meta: {
    recordedAt: '2026-01-02T03:04:05.678Z',
    occurredAt: '2026-01-02T03:04:05.678Z',
    actor: { type: 'system' },
  },
} as const;

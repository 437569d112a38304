import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureLedger } from '../../ledger/commands/create-ledger.js';
import { ForeignLedger, LedgerDamaged, RestoreUnfinished } from '../../ledger/errors.js';
import { openRootKey } from '../../ledger/keys/root-key.js';
import { copyingFile, restoringFile } from '../../ledger/sqlite/restore-files.js';
import { checkLedgerCopy, copyLedgerFile } from '../../ledger/sqlite/sqlite-backup.js';
import { openSqliteLedger } from '../../ledger/sqlite/sqlite-ledger.js';
import { newFolder, type LedgerFolder } from './ledger-sqlite-support.js';
import { newEvent, newStream } from './ledger-support.js';

const CHILD = fileURLToPath(new URL('ledger-child.ts', import.meta.url));
const rootKey = openRootKey(Buffer.alloc(32, 7));
const clock = { now: () => Date.parse('2026-01-02T03:04:05.678Z') };

let folder: LedgerFolder;
let copy: string;

/** A ledger of so many events, closed. */
async function ledgerWith(events: number): Promise<void> {
  const ledger = await openSqliteLedger(folder);
  await ensureLedger({ ledger, cursors: ledger.cursors, rootKey, clock, newId: () => 'aa' });
  const padding = 'x'.repeat(1_000);
  await Promise.all(
    Array.from({ length: events }, () => ledger.append(newStream(), [newEvent(padding)], 'none')),
  );
  await ledger.close();
}

beforeEach(() => {
  folder = newFolder();
  copy = join(folder.file, '..', 'copy.db');
});
afterEach(() => {
  folder.remove();
});

describe('copyLedgerFile', () => {
  it('gives one whole moment while another process holds the lock and appends', async () => {
    await ledgerWith(8_000);
    const child = spawn(process.execPath, [
      '--import',
      'tsx',
      CHILD,
      folder.file,
      folder.lockFile,
      '8',
      '500',
    ]);
    const lines: string[] = [];
    const reader = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
    while (lines.length < 200) await once(reader, 'line');
    const before = lines.filter((line) => line.includes(' project-')).length;
    const steps: number[] = [];
    await copyLedgerFile({ from: folder.file, to: copy, onProgress: (done) => steps.push(done) });
    const after = lines.length;
    while (lines.length < after + 50) await once(reader, 'line');
    child.kill('SIGKILL');
    await once(child, 'exit');

    expect(after).toBeGreaterThan(before);
    // Begun again after a commit it would go back.
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(steps.length).toBeGreaterThan(1);
    const facts = checkLedgerCopy(copy);
    expect(facts).toMatchObject({ ledgerId: 'aa', keyCheck: rootKey.keyCheck });
    const head = Number(facts.lastPosition);
    expect(head).toBeGreaterThanOrEqual(8_001 + before);
    expect(head).toBeLessThanOrEqual(8_001 + lines.length);
    const [original, copied] = await Promise.all(
      [folder, { file: copy, lockFile: `${copy}.lock` }].map(async (one) => {
        const ledger = await openSqliteLedger(one);
        const events = await ledger.readAll({ after: facts.lastPosition - 1_000n, limit: 1_000 });
        await ledger.close();
        return events;
      }),
    );
    expect(copied).toEqual(original);
  });

  it('takes cursors along, and leaves one file that only its owner can read', async () => {
    await ledgerWith(1);
    await copyLedgerFile({ from: folder.file, to: copy });
    checkLedgerCopy(copy);
    expect(statSync(copy).mode & 0o777).toBe(0o600);
    expect([existsSync(`${copy}-wal`), existsSync(`${copy}-shm`)]).toEqual([false, false]);
    const ledger = await openSqliteLedger({ file: copy, lockFile: `${copy}.lock` });
    expect(await ledger.cursors.load('reactor-messages')).toBeDefined();
    await ledger.close();
  });

  it('says where there is no ledger', async () => {
    await expect(copyLedgerFile({ from: folder.file, to: copy })).rejects.toThrow(ForeignLedger);
    writeFileSync(folder.file, '');
    await expect(copyLedgerFile({ from: folder.file, to: copy })).rejects.toThrow(/is empty/);
    expect(existsSync(copy)).toBe(false);
  });
});

describe('checkLedgerCopy', () => {
  it('finds what is missing', async () => {
    await ledgerWith(50);
    await copyLedgerFile({ from: folder.file, to: copy });
    truncateSync(copy, 16_384);
    expect(() => checkLedgerCopy(copy)).toThrow(LedgerDamaged);
    writeFileSync(copy, 'not a database at all '.repeat(1_000));
    expect(() => checkLedgerCopy(copy)).toThrow(LedgerDamaged);
  });

  it('takes no ledger without events', async () => {
    await (await openSqliteLedger(folder)).close();
    await copyLedgerFile({ from: folder.file, to: copy });
    expect(() => checkLedgerCopy(copy)).toThrow(/holds no events/);
  });
});

describe('a place where a restore was broken off', () => {
  it.each([copyingFile, restoringFile])('has no ledger that could be opened', async (fileOf) => {
    writeFileSync(fileOf(folder.file), '');
    await expect(openSqliteLedger(folder)).rejects.toThrow(RestoreUnfinished);
    expect(existsSync(folder.file)).toBe(false);
  });
});

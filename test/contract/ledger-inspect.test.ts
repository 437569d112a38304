import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApp, deleteApp } from '../../ledger/commands/app-commands.js';
import { createProject } from '../../ledger/commands/access-keys.js';
import { inspectLedger } from '../../ledger/sqlite/inspect-ledger.js';
import { openSqliteLedger, type SqliteLedger } from '../../ledger/sqlite/sqlite-ledger.js';

let dir: string;
const file = (name: string): string => join(dir, name);
const open = (): Promise<SqliteLedger> =>
  openSqliteLedger({ file: file('ledger.db'), lockFile: file('ledger.lock') });
const clock = { now: () => Date.parse('2026-03-01T12:00:00.000Z') };
const actor = { type: 'system' } as const;
const app = (appId: string) => ({ projectId: 'p', appId, actor });
const fields = {
  displayName: 'A',
  processingMode: 'DISPATCH',
  profile: {},
  sealedOverrideSecret: null,
} as const;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'optledger-inspect-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

async function fill(ledger: SqliteLedger): Promise<void> {
  await createProject({ ledger, clock }, { projectId: 'p', displayName: 'P', actor });
  await createApp({ ledger, clock }, app('kept'), fields);
  await createApp({ ledger, clock }, app('gone'), fields);
  await deleteApp({ ledger, clock }, app('gone'));
  await ledger.cursors.save('reactor-messages', {}, 'none');
}

describe('a ledger looked at from beside', () => {
  it('shows what stands, while it is written to', async () => {
    const ledger = await open();
    await fill(ledger);
    const seen = inspectLedger(file('ledger.db'));
    expect(seen.head).toBe(4n);
    expect(seen.first?.event.type).toBe('project-created');
    expect(seen.last?.event.type).toBe('app-deleted');
    expect(seen.at('app-kept', 0)?.event.type).toBe('app-created');
    expect(seen.at('app-kept', 1)).toBeUndefined();
    expect(seen.apps().map(({ appId }) => appId)).toEqual(['kept']);
    expect([seen.hasCursor('reactor-messages'), seen.hasCursor('reactor-callbacks')]).toEqual([true, false]);
    // The writer is not held up by who looks.
    await createApp({ ledger, clock }, app('next'), fields);
    seen.close();
    await ledger.close();
  });

  it('makes no file and changes none where nobody has it open', async () => {
    const ledger = await open();
    await fill(ledger);
    await ledger.close();
    const before = readdirSync(dir);
    inspectLedger(file('ledger.db')).close();
    expect(readdirSync(dir)).toEqual(before);
  });

  it('sees what a killed process left in the log', async () => {
    const ledger = await open();
    await fill(ledger);
    for (const name of ['ledger.db', 'ledger.db-wal']) copyFileSync(file(name), file(`copy-${name}`));
    const seen = inspectLedger(file('copy-ledger.db'));
    expect(seen.head).toBe(4n);
    seen.close();
    await ledger.close();
  });

  it('refuses what is no ledger', () => {
    const other = new DatabaseSync(file('other.db'));
    other.exec('CREATE TABLE t (x)');
    other.close();
    writeFileSync(
      file('text.db'),
      'not a database, but long enough to have a header of one hundred bytes '.repeat(3),
    );
    expect(() => inspectLedger(file('other.db'))).toThrow('is not a ledger');
    expect(() => inspectLedger(file('text.db'))).toThrow();
    expect(() => inspectLedger(file('absent.db'))).toThrow();
    expect(readdirSync(dir)).toEqual(['other.db', 'text.db']);
  });
});

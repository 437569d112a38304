import { randomUUID } from 'node:crypto';
import { statSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MessageReceived } from '../../domain/events/events.js';
import { ForeignLedger, LedgerLocked, LedgerUnavailable } from '../../ledger/errors.js';
import { CAUGHT_UP } from '../../ledger/ledger.js';
import { openLedgerFile } from '../../ledger/sqlite/sqlite-file.js';
import { openSqliteLedger, type SqliteLedger } from '../../ledger/sqlite/sqlite-ledger.js';
import { newFolder, type LedgerFolder } from './ledger-sqlite-support.js';
import { newEvent, newEvents, newStream, readWhole } from './ledger-support.js';

describe('SQLite ledger on disk', () => {
  let folder: LedgerFolder;
  let ledger: SqliteLedger;
  beforeEach(async () => {
    folder = newFolder();
    ledger = await openSqliteLedger(folder);
  });
  afterEach(async () => {
    await ledger.close();
    folder.remove();
  });

  it('holds the same after it was closed and opened', async () => {
    const stream = newStream();
    await ledger.append(stream, newEvents(3), 'none');
    await ledger.cursors.save('c', { after: '3' }, 'none');
    const before = [await readWhole(ledger, stream), ledger.headPosition()];
    await ledger.close();
    ledger = await openSqliteLedger(folder);
    expect([await readWhole(ledger, stream), ledger.headPosition()]).toEqual(before);
    expect(await ledger.cursors.load('c')).toEqual({ value: { after: '3' }, version: 0 });
    expect((await ledger.append(stream, [newEvent()], 2)).position).toBeGreaterThan(before[1] as bigint);
  });

  it('gives events to the byte as it will give them after it was opened again', async () => {
    const stream = newStream();
    const { data, meta, ...rest } = newEvent();
    const reversed = Object.fromEntries(Object.entries(data).toReversed()) as typeof data;
    await ledger.append(stream, [{ meta, data: reversed, ...rest }], 'none');
    const text = async (): Promise<string[]> =>
      (await readWhole(ledger, stream)).map(({ event }) => JSON.stringify(event.data));
    const before = await text();
    expect(before).toEqual([JSON.stringify(data)]);
    await ledger.close();
    ledger = await openSqliteLedger(folder);
    expect(await text()).toEqual(before);
  });

  it('is durable each time it is opened: WAL with synchronous=FULL', async () => {
    await ledger.close();
    for (let i = 0; i < 2; i++) {
      const db = openLedgerFile(folder.file);
      expect(db.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
      expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
      db.close();
    }
  });

  it('is for its owner only', () => {
    for (const file of [folder.file, folder.lockFile, `${folder.file}-wal`, `${folder.file}-shm`]) {
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }
  });

  it('refuses to change or delete events, by any statement', async () => {
    await ledger.append(newStream(), newEvents(2), 'none');
    await ledger.close();
    const db = openLedgerFile(folder.file);
    const replace = `INSERT OR REPLACE INTO events SELECT 1, stream, revision, id, type, version, '{}', personal, meta
                     FROM events WHERE position = 1`;
    for (const statement of ["UPDATE events SET data = '{}'", 'DELETE FROM events', replace]) {
      expect(() => db.exec(statement)).toThrow(/append-only/u);
    }
    expect(db.prepare('SELECT count(*) AS n FROM events').get()).toEqual({ n: 2 });
    db.close();
  });

  it('keeps identities and texts in one column', async () => {
    const marks = ['46709998877', '46701112233', 'MARKED TEXT', 'MARKED METADATA'] as const;
    const [identity, sender, text, metadata] = marks;
    const event: MessageReceived = {
      id: randomUUID(),
      type: 'message-received',
      version: 1,
      data: {
        projectId: 'p1',
        appId: 'a1',
        contactId: 'f'.repeat(40),
        appRevision: 0,
        state: { standing: {}, lastConsent: null, lastOptInReplyAt: null },
        messageId: '01M86W7NGVJAZG74Q1PS156RSY',
        provider: 'generic',
        providerMessageId: 'm1',
        channel: 'SMS',
        processingMode: 'DISPATCH',
        matched: null,
        bodyVersion: 1,
      },
      personal: { identity, sender, text, metadata },
      meta: newEvent().meta,
    };
    await ledger.append(`contact-${event.data.contactId}`, [event], 'none');
    const db = new DatabaseSync(folder.file, { readOnly: true });
    const row = db.prepare('SELECT * FROM events').get() ?? {};
    db.close();
    const { personal, ...others } = row;
    for (const mark of marks) {
      expect(personal).toContain(mark);
      expect(JSON.stringify(others)).not.toContain(mark);
    }
  });

  it('is refused twice in one process as well', async () => {
    await expect(openSqliteLedger(folder)).rejects.toBeInstanceOf(LedgerLocked);
    await ledger.append(newStream(), [newEvent()], 'none');
  });

  it('shows nothing of an append to promise continuations before its commit', async () => {
    const stream = newStream();
    const appending = ledger.append(stream, [newEvent()], 'none');
    for (let i = 0; i < 500; i++) {
      expect(await ledger.readStream(stream, { from: 0, direction: 'forwards', limit: 1 })).toEqual([]);
      expect(ledger.readLast(stream)).toBeUndefined();
    }
    await appending;
    expect(ledger.readLast(stream)).toEqual((await readWhole(ledger, stream))[0]);
  });

  it('tells listeners of each commit, with the new head, until they stop', async () => {
    const heads: bigint[] = [];
    const stop = ledger.onAppended(() => heads.push(ledger.headPosition()));
    const { position } = await ledger.append(newStream(), newEvents(2), 'none');
    await ledger.cursors.save('c', 1, 'none');
    expect(heads).toEqual([position]);
    stop();
    await ledger.append(newStream(), [newEvent()], 'none');
    expect(heads).toEqual([position]);
  });

  it('waits for a foreign writer no longer than a second, and goes on afterwards', async () => {
    const foreign = new DatabaseSync(folder.file);
    foreign.exec('BEGIN IMMEDIATE');
    const stream = newStream();
    await expect(ledger.append(stream, [newEvent()], 'none')).rejects.toBeInstanceOf(LedgerUnavailable);
    foreign.exec('ROLLBACK');
    foreign.close();
    expect(await ledger.append(stream, [newEvent()], 'none')).toMatchObject({ revision: 0 });
  });

  it('commits what it took when it is closed, ends subscriptions, and answers nothing more', async () => {
    const stream = newStream();
    const signal = new AbortController().signal;
    const iterator = ledger.subscribe({ after: 0n, signal })[Symbol.asyncIterator]();
    expect(await iterator.next()).toEqual({ done: false, value: CAUGHT_UP });
    const waiting = iterator.next();
    const taken = ledger.append(stream, [newEvent()], 'none');
    const closed = [ledger.close(), ledger.close()];
    await expect(ledger.append(stream, [newEvent()], 0)).rejects.toBeInstanceOf(LedgerUnavailable);
    await taken;
    expect(await waiting).toMatchObject({ value: { stream, revision: 0 } });
    await Promise.all(closed);
    const untilItEnds = async (): Promise<void> => {
      while ((await iterator.next()).value === CAUGHT_UP);
    };
    await expect(untilItEnds()).rejects.toBeInstanceOf(LedgerUnavailable);
    await expect(readWhole(ledger, stream)).rejects.toBeInstanceOf(LedgerUnavailable);
    await expect(ledger.cursors.load('c')).rejects.toBeInstanceOf(LedgerUnavailable);
    ledger = await openSqliteLedger(folder);
    expect(await readWhole(ledger, stream)).toHaveLength(1);
  });
});

describe('a file that is not a ledger', () => {
  let folder: LedgerFolder;
  beforeEach(() => {
    folder = newFolder();
  });
  afterEach(() => {
    folder.remove();
  });
  const sql = (statements: string): void => {
    const db = new DatabaseSync(folder.file);
    db.exec(statements);
    db.close();
  };

  it.each([
    ['no database', () => writeFileSync(folder.file, 'hello '.repeat(1_000))],
    ['another database', () => sql('CREATE TABLE t (a)')],
    ['another application', () => sql('PRAGMA application_id = 5; CREATE TABLE t (a)')],
    ['a newer release', () => sql(`PRAGMA application_id = ${String(0x4f50544c)}; PRAGMA user_version = 2`)],
  ])('is refused: %s; and the lock is free again', async (_, make) => {
    make();
    for (let i = 0; i < 2; i++) await expect(openSqliteLedger(folder)).rejects.toBeInstanceOf(ForeignLedger);
  });

  it('is made anew where a crash left a database without tables', async () => {
    sql('PRAGMA journal_mode = WAL');
    const ledger = await openSqliteLedger(folder);
    await ledger.append(newStream(), [newEvent()], 'none');
    await ledger.close();
  });
});

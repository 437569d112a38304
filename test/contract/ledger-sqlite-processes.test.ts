import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LedgerLocked } from '../../ledger/errors.js';
import { openSqliteLedger } from '../../ledger/sqlite/sqlite-ledger.js';
import { newFolder, type LedgerFolder } from './ledger-sqlite-support.js';
import { readWhole } from './ledger-support.js';

const CHILD = fileURLToPath(new URL('ledger-child.ts', import.meta.url));
const NODE = [process.execPath, '--import', 'tsx', CHILD];

/** Lines that a child printed so far, and a way to wait for more. */
interface Child {
  readonly process: ChildProcessWithoutNullStreams;
  readonly lines: string[];
  until(enough: (lines: readonly string[]) => boolean): Promise<void>;
  ended(): Promise<void>;
}

function start(command: string, args: readonly string[]): Child {
  const child = spawn(command, args);
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  child.stderr.on('data', (data: Buffer) => lines.push(`stderr ${data.toString()}`));
  const closed = once(reader, 'close');
  return {
    process: child,
    lines,
    async until(enough) {
      while (!enough(lines)) {
        const [line] = await Promise.race([once(reader, 'line'), closed.then(() => [])]);
        if (line === undefined && !enough(lines))
          throw new Error(`the child ended: ${lines.slice(-5).join('\n')}`);
      }
    },
    async ended() {
      await closed;
    },
  };
}

const acknowledged = (lines: readonly string[]): readonly string[] =>
  lines.filter((line) => /^[0-9a-f-]{36} project-\S+ \d+$/u.test(line));

/** Every acknowledged line stands in the ledger where it was said to stand; returns how many events there are. */
async function checkAll(folder: LedgerFolder, lines: readonly string[]): Promise<void> {
  const ledger = await openSqliteLedger(folder);
  const streams = new Set(lines.map((line) => line.split(' ')[1] ?? ''));
  const stored = new Set<string>();
  for (const stream of streams) {
    const events = await readWhole(ledger, stream);
    expect(events.map(({ revision }) => revision)).toEqual(events.map((_, i) => i));
    for (const { event, revision } of events) stored.add(`${event.id} ${stream} ${String(revision)}`);
  }
  expect(lines.filter((line) => !stored.has(line))).toEqual([]);
  await ledger.close();
  const db = new DatabaseSync(folder.file, { readOnly: true });
  expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  db.close();
}

describe('SQLite ledger among processes', () => {
  let folder: LedgerFolder;
  let child: Child | undefined;
  const startChild = (writers: number, bytes: number): Child => {
    const args = [folder.file, folder.lockFile, String(writers), String(bytes)];
    return start(NODE[0] ?? '', [...NODE.slice(1), ...args]);
  };
  beforeEach(() => {
    folder = newFolder();
  });
  afterEach(async () => {
    child?.process.kill('SIGKILL');
    await child?.ended();
    child = undefined;
    folder.remove();
  });

  it('is refused while another process has it, and open again as soon as that one is killed', async () => {
    child = startChild(0, 0);
    await child.until((lines) => lines.includes('open'));
    const refused = openSqliteLedger(folder);
    await expect(refused).rejects.toBeInstanceOf(LedgerLocked);
    await expect(refused).rejects.toThrow(/another process/u);
    child.process.kill('SIGKILL');
    await child.ended();
    const ledger = await openSqliteLedger(folder);
    await ledger.close();
  });

  it('refuses a second process, which says why', async () => {
    const ledger = await openSqliteLedger(folder);
    child = startChild(0, 0);
    await child.until((lines) => lines.some((line) => line.startsWith('error LedgerLocked')));
    await ledger.close();
  });

  it('loses no acknowledged event to kill -9', { timeout: 60_000 }, async () => {
    const all: string[] = [];
    for (let round = 1; round <= 5; round++) {
      child = startChild(16, 300);
      await child.until((lines) => acknowledged(lines).length >= 300 * round);
      child.process.kill('SIGKILL');
      await child.ended();
      all.push(...acknowledged(child.lines));
      await checkAll(folder, all);
    }
    expect(all.length).toBeGreaterThanOrEqual(300 * 15);
  });

  it('gives up when the disk takes no more, and loses nothing that it acknowledged', async () => {
    const command = [...NODE, folder.file, folder.lockFile, '8', '20000'];
    // A file may grow to 3,000 blocks (of 512 or 1,024 bytes): then a real write of a COMMIT fails.
    child = start('sh', ['-c', 'ulimit -f 3000; exec "$@"', 'sh', ...command]);
    await child.ended();
    expect(child.lines).toContain('fatal LedgerUnavailable');
    expect(child.lines.filter((line) => line.startsWith('rejected LedgerUnavailable'))).toHaveLength(8);
    expect(child.lines.filter((line) => line.startsWith('read LedgerUnavailable'))).toHaveLength(1);
    const lines = acknowledged(child.lines);
    expect(lines.length).toBeGreaterThan(20);
    await checkAll(folder, lines);
  });
});

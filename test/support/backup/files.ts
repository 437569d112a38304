import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';

const root = resolve(import.meta.dirname, '../../..');

/** A row of the table of events, as it stands in the file. */
export interface EventRow {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly personal: string | null;
  readonly meta: string;
}

/** Every event of a ledger's file, read beside whoever has it open. */
export function eventRows(file: string): EventRow[] {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    return db.prepare('SELECT * FROM events ORDER BY position').all() as unknown as EventRow[];
  } finally {
    db.close();
  }
}

export function cursorRows(file: string): readonly { readonly name: string; readonly value: string }[] {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const rows = db.prepare('SELECT name, value FROM cursors ORDER BY name').all();
    return rows as unknown as { name: string; value: string }[];
  } finally {
    db.close();
  }
}

/** How far a ledger's file is; 0 while it cannot be read. */
export function headOfFile(file: string): number {
  if (!existsSync(file)) return 0;
  try {
    const db = new DatabaseSync(file, { readOnly: true });
    try {
      return (db.prepare('SELECT max(position) AS head FROM events').get() as { head: number }).head;
    } finally {
      db.close();
    }
  } catch {
    return 0;
  }
}

/** Runs `optledger` and ends it by a signal as soon as `when` is true. @returns whether it was ended so */
export async function cutShort(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  when: () => boolean,
  signal: NodeJS.Signals = 'SIGKILL',
): Promise<boolean> {
  const program = [join(root, 'dist/bin/cli.js'), ...args];
  const child = spawn(join(root, 'node_modules/node/bin/node'), program, {
    env: { ...process.env, ...environment },
    stdio: 'ignore',
  });
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  let cut = false;
  while (child.exitCode === null && child.signalCode === null) {
    if (!cut && when()) {
      cut = true;
      child.kill(signal);
    }
    await nextTurn();
  }
  await ended;
  return cut;
}

/** Where the events of a ledger's file stand; their times are left out. */
export function places(file: string): string[] {
  return eventRows(file)
    .map(({ stream, revision, id, type }) => `${stream} ${String(revision)} ${id} ${type}`)
    .sort();
}

/** Alters one bit near the end of a file. */
export function flipBit(file: string): void {
  const bytes = readFileSync(file);
  bytes[bytes.length - 100] = (bytes.at(-100) ?? 0) ^ 1;
  writeFileSync(file, bytes);
}

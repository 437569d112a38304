import { DatabaseSync } from 'node:sqlite';

/** One call that the simulated phones got. */
export interface SimulatorRow {
  readonly appId: string;
  readonly messageId: string;
  readonly channel: string;
  readonly identity: string;
  readonly sender: string;
  readonly text: string;
  readonly kind: 'MESSAGE' | 'REPLY';
  readonly attempt: number;
  /** Milliseconds since the epoch. */
  readonly handedOverAt: number;
}

/** Calls of one app in the order in which they came; `next` is the key to go on after, null on the last page. */
export interface SimulatorPage {
  readonly messages: readonly SimulatedMessage[];
  readonly next: number | null;
}

export interface SimulatedMessage {
  readonly messageId: string;
  readonly identity: string;
  readonly text: string;
  readonly kind: 'MESSAGE' | 'REPLY';
  /** RFC 3339 with ms. */
  readonly handedOverAt: string;
}

/** The simulator's own file: rows are only ever added. */
export interface SimulatorStore {
  /** Resolves once the row is durable; rows of one turn share a commit. */
  add(row: SimulatorRow): Promise<void>;
  page(appId: string, read: { readonly after: number; readonly limit: number }): SimulatorPage;
  /** Commits what waits, then closes. */
  close(): void;
}

interface Pending {
  readonly row: SimulatorRow;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS calls (
    id INTEGER PRIMARY KEY,
    app_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    identity TEXT NOT NULL,
    sender TEXT NOT NULL,
    text TEXT NOT NULL,
    kind TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    handed_over_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS calls_of_app ON calls (app_id, id);
`;
const INSERT = `INSERT INTO calls
  (app_id, message_id, channel, identity, sender, text, kind, attempt, handed_over_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const PAGE = `SELECT id, message_id, identity, text, kind, handed_over_at
  FROM calls WHERE app_id = ? AND id > ? ORDER BY id LIMIT ?`;

/** One commit has so many rows at most, because it blocks the event loop. */
const LARGEST_COMMIT = 256;

/** Opens or creates the file. @throws when it cannot be opened, or does not hold what was committed */
export function openSimulatorStore(file: string): SimulatorStore {
  const db = new DatabaseSync(file, { timeout: 5_000 });
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  if (db.prepare('PRAGMA synchronous').get()?.['synchronous'] !== 2) {
    throw new Error('the simulator file is not at synchronous=FULL');
  }
  db.exec(SCHEMA);
  const insert = db.prepare(INSERT);
  const select = db.prepare(PAGE);
  let pending: Pending[] = [];

  function commit(): void {
    const batch = pending.slice(0, LARGEST_COMMIT);
    pending = pending.slice(LARGEST_COMMIT);
    if (batch.length === 0) return;
    if (pending.length > 0) setImmediate(commit);
    try {
      db.exec('BEGIN IMMEDIATE');
      for (const { row } of batch) insertRow(row);
      db.exec('COMMIT');
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      for (const { failed } of batch) failed(error);
      return;
    }
    for (const { done } of batch) done();
  }

  function insertRow(row: SimulatorRow): void {
    const { appId, messageId, channel, identity, sender, text, kind, attempt, handedOverAt } = row;
    insert.run(appId, messageId, channel, identity, sender, text, kind, attempt, handedOverAt);
  }

  return {
    add: (row) =>
      new Promise((done, failed) => {
        // Rows are counted in the order in which the calls began, and each call has a row of its own.
        if (pending.push({ row, done, failed }) === 1) setImmediate(commit);
      }),
    page(appId, { after, limit }) {
      const rows = select.all(appId, after, limit + 1);
      const messages = rows.slice(0, limit);
      const last = messages.at(-1);
      return {
        messages: messages.map(toMessage),
        next: rows.length > limit && last !== undefined ? Number(last['id']) : null,
      };
    },
    close() {
      while (pending.length > 0) commit();
      db.close();
    },
  };
}

function toMessage(row: Record<string, unknown>): SimulatedMessage {
  return {
    messageId: String(row['message_id']),
    identity: String(row['identity']),
    text: String(row['text']),
    kind: row['kind'] === 'REPLY' ? 'REPLY' : 'MESSAGE',
    handedOverAt: new Date(Number(row['handed_over_at'])).toISOString(),
  };
}

import { existsSync } from 'node:fs';
import { backup, DatabaseSync } from 'node:sqlite';
import { ForeignLedger, LedgerDamaged } from '../errors.js';
import { SCHEMA_CODEC } from '../event-codec.js';
import { START, type Position } from '../ledger.js';
import { createSqliteEvents } from './sqlite-events.js';
import { createPrivateFile, isDamage, openForReading } from './sqlite-file.js';

/** One step copies so many pages; between two steps the reader of the progress gets its turn. */
const PAGES = 1_000;

/** Tells one ledger, at one moment, from all others. */
export interface LedgerFacts {
  readonly ledgerId: string;
  /** See `RootKey.keyCheck`. */
  readonly keyCheck: string;
  /** Position of the last event. */
  readonly lastPosition: Position;
  readonly lastEventId: string;
}

export interface CopyLedger {
  readonly from: string;
  /** A file that is not there yet. */
  readonly to: string;
  readonly onProgress?: (pages: number, ofPages: number) => void;
}

/**
 * Copies a ledger's file as it stands now, cursors included, while another process appends to it. The copy is one file
 * without a write-ahead log, and is not checked.
 * @throws ForeignLedger where there is no ledger
 */
export async function copyLedgerFile({ from, to, onProgress }: CopyLedger): Promise<void> {
  if (!existsSync(from)) throw new ForeignLedger(`there is no ledger at ${from}`);
  const db = openForReading(from);
  try {
    // One read transaction spans the whole copy. Without it SQLite begins again after each commit of the other process,
    // and under load never comes to an end. Appends go on beside it.
    db.exec('BEGIN');
    db.prepare('SELECT 1 FROM events LIMIT 1').get();
    createPrivateFile(to);
    await backup(db, to, {
      rate: PAGES,
      progress: ({ totalPages, remainingPages }) => onProgress?.(totalPages - remainingPages, totalPages),
    });
  } finally {
    db.close();
  }
  withoutLog(to);
}

/**
 * Reads a whole copy that nobody writes to, and says which ledger it is.
 * @throws LedgerDamaged, ForeignLedger
 */
export function checkLedgerCopy(file: string): LedgerFacts {
  try {
    const db = openForReading(file);
    try {
      checkIntegrity(db);
      return factsOf(db, file);
    } finally {
      db.close();
    }
  } catch (error) {
    if (isDamage(error)) throw new LedgerDamaged(`${file} is damaged`, { cause: error });
    throw error;
  }
}

function checkIntegrity(db: DatabaseSync): void {
  const [first] = db.prepare('PRAGMA integrity_check(1)').all();
  const verdict = first === undefined ? 'no answer' : String(Object.values(first)[0]);
  if (verdict !== 'ok') throw new LedgerDamaged(`SQLite's integrity check of the ledger says: ${verdict}`);
}

function factsOf(db: DatabaseSync, file: string): LedgerFacts {
  const events = createSqliteEvents(db, SCHEMA_CODEC);
  const lastPosition = events.headPosition();
  const [first] = events.readPage(START, 1);
  const [last] = events.readPage(lastPosition - 1n, 1);
  if (first === undefined || last === undefined) throw new ForeignLedger(`${file} holds no events`);
  if (first.event.type !== 'ledger-created') {
    throw new ForeignLedger(`${file} begins with ${first.event.type}, not with ledger-created`);
  }
  return { ...first.event.data, lastPosition, lastEventId: last.event.id };
}

/** A file with a log would get side files wherever somebody looks into it. */
function withoutLog(file: string): void {
  const db = new DatabaseSync(file);
  try {
    db.exec('PRAGMA journal_mode = DELETE');
  } finally {
    db.close();
  }
}

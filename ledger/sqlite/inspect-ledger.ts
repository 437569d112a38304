import type { AppState } from '../../domain/settings.js';
import { appStateOf } from '../reads/app-reads.js';
import { SCHEMA_CODEC } from '../event-codec.js';
import type { Position, Recorded } from '../ledger.js';
import { openToRead } from './open-to-read.js';
import { createSqliteEvents } from './sqlite-events.js';
import { checkOrigin } from './sqlite-file.js';
import { appStream } from '../streams.js';

/** What somebody may see of a ledger's file beside the process that uses it. */
export interface LedgerInspection {
  /** Position of the last event; 0 without one. */
  readonly head: Position;
  readonly first: Recorded | undefined;
  readonly last: Recorded | undefined;
  /** The event at a place of a stream. */
  at(stream: string, revision: number): Recorded | undefined;
  hasCursor(name: string): boolean;
  /** Apps as they stand, deleted ones left out. */
  apps(): readonly AppState[];
  close(): void;
}

/** Opens the file for a look. @throws ForeignLedger; InvalidEvent; SQLite's error for a file that cannot be read */
export function inspectLedger(file: string): LedgerInspection {
  const db = openToRead(file);
  try {
    checkOrigin(db, file);
    const events = createSqliteEvents(db, SCHEMA_CODEC);
    const cursor = db.prepare('SELECT 1 FROM cursors WHERE name = ?');
    const appStreams = db.prepare('SELECT DISTINCT stream FROM events WHERE stream >= ? AND stream < ?');
    const head = events.headPosition();
    const lastOf = (stream: string): Recorded | undefined =>
      events.readStream(stream, { from: 'end', direction: 'backwards', limit: 1 })[0];
    return {
      head,
      first: events.readPage(0n, 1)[0],
      last: head === 0n ? undefined : events.readPage(head - 1n, 1)[0],
      at: (stream, revision) =>
        events.readStream(stream, { from: revision, direction: 'forwards', limit: 1 })[0],
      hasCursor: (name) => cursor.get(name) !== undefined,
      apps: () =>
        // The names of all apps' streams lie before this one, because '.' comes after '-'.
        (appStreams.all(appStream(''), 'app.') as unknown as { stream: string }[])
          .flatMap(({ stream }) => appStateOf(lastOf(stream)) ?? [])
          .filter(({ deleted }) => !deleted),
      close: () => {
        db.close();
      },
    };
  } catch (error) {
    db.close();
    throw error;
  }
}

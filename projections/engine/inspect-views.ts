import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { openToRead } from '../../ledger/sqlite/open-to-read.js';
import { readStats, type ViewStats } from '../stats.js';
import { hasThisSchema, isUnreadableFile, readCheckpoint, type Checkpoint } from './view-file.js';
import { openViewSet } from '../view-set.js';

/** What somebody may see of a file of views beside the process that uses it. */
export type ViewsInspection =
  | { readonly state: 'absent' | 'unreadable' | 'other-schema' }
  | {
      readonly state: 'readable';
      /** The last event folded; undefined before the first. */
      readonly checkpoint: Checkpoint | undefined;
      readonly stats: Pick<ViewStats, 'parked' | 'oldestDue' | 'owed'>;
      /** How many of the newest inbound messages came from numbers of the North American plan, by app. */
      readonly northAmerican: ReadonlyMap<string, number>;
    };

/** So many of the newest rows are looked at. */
const LOOK_BACK = 20_000;
/** The column begins with its first recipient, `[["SMS","1NXXNXXXXXX"…`. */
const NORTH_AMERICAN = `[[][[]"*","1[2-9][0-9][0-9][2-9][0-9][0-9][0-9][0-9][0-9][0-9]"*`;

/** @throws SQLite's error for a file that may not be read */
export function inspectViews(file: string): ViewsInspection {
  if (!existsSync(file)) return { state: 'absent' };
  let db: DatabaseSync | undefined;
  try {
    db = openToRead(file);
    if (!hasThisSchema(db)) return { state: 'other-schema' };
    const checkpoint = readCheckpoint(db);
    const { parked, oldestDue, owed } = readStats(openViewSet(db));
    return {
      state: 'readable',
      checkpoint,
      stats: { parked, oldestDue, owed },
      northAmerican: countNorthAmerican(db),
    };
  } catch (error) {
    if (isUnreadableFile(error)) return { state: 'unreadable' };
    throw error;
  } finally {
    db?.close();
  }
}

function countNorthAmerican(db: DatabaseSync): ReadonlyMap<string, number> {
  const rows = db
    .prepare(
      `SELECT app_id AS appId, count(*) AS messages
       FROM (SELECT app_id, recipients FROM messages WHERE kind = 'INBOUND' ORDER BY position DESC LIMIT ?)
       WHERE recipients GLOB ? GROUP BY app_id`,
    )
    .all(LOOK_BACK, NORTH_AMERICAN) as unknown as { appId: string; messages: number }[];
  return new Map(rows.map(({ appId, messages }) => [appId, messages]));
}

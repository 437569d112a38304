import type { DatabaseSync } from 'node:sqlite';
import type { OwedCallback } from '../../domain/owed.js';
import { openCallbackPages, type CallbackPages } from './callback-pages.js';
import type { Minutes } from '../paging/minutes.js';
import { CALLBACK_COLUMNS, type CallbackView } from './callback-view.js';
import { toOwedCallback, type LaneRow } from './callback-rows.js';

/** What became of the callbacks that fell due. */
export interface Callbacks {
  /** A callback that is waiting or parked; what a delivered one went through stands in its stream. */
  open(projectId: string, callbackId: string): CallbackView | undefined;
  /** The same callback in the form in which the activities take it. */
  item(projectId: string, callbackId: string): OwedCallback | undefined;
  /**
   * Finds a callback of any state among the last 2,000 up to the minute of a time (RFC 3339): there is no index of those
   * that were delivered, but the event is seldom far from the first request.
   */
  recent(projectId: string, callbackId: string, time: string): CallbackView | undefined;
  readonly page: CallbackPages;
  /** How many of all projects are parked now. */
  parkedCount(): number;
}

const RECENT = 2_000;

export function openCallbacks(db: DatabaseSync, minutes: Pick<Minutes, 'range'>): Callbacks {
  const OPEN = `callback_id = ? AND state <> 'delivered' AND project_id = ?`;
  const one = db.prepare(`SELECT ${CALLBACK_COLUMNS} FROM callbacks t WHERE ${OPEN}`);
  const item = db.prepare(`
    SELECT callback_id AS owedId, project_id AS projectId, app_id AS appId, endpoint_id AS endpointId,
      trigger_name AS "trigger", stream, revision, after_id AS afterId, after_at AS afterAt,
      last_at IS NOT NULL AS known
    FROM callbacks WHERE ${OPEN}`);
  const recent = db.prepare(`
    SELECT ${CALLBACK_COLUMNS} FROM (
      SELECT * FROM callbacks NOT INDEXED WHERE position <= ? ORDER BY position DESC LIMIT ${String(RECENT)}) t
    WHERE callback_id = ? AND project_id = ?`);
  const parked = db.prepare(`SELECT count(*) AS n FROM callbacks WHERE state = 'parked'`);
  return {
    open: (projectId, callbackId) => one.get(callbackId, projectId) as unknown as CallbackView | undefined,
    item: (projectId, callbackId) => {
      const row = item.get(callbackId, projectId) as unknown as LaneRow | undefined;
      return row && toOwedCallback(row);
    },
    recent: (projectId, callbackId, time) =>
      recent.get(minutes.range(null, time).to, callbackId, projectId) as unknown as CallbackView | undefined,
    page: openCallbackPages(db, minutes),
    parkedCount: () => (parked.get() as { n: number }).n,
  };
}

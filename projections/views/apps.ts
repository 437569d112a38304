import type { DatabaseSync } from 'node:sqlite';
import type { AppEvent } from '../../domain/events/events.js';
import type { AppState } from '../../domain/settings.js';
import type { Recorded } from '../../ledger/ledger.js';
import type { Projection } from '../engine/projection.js';

export const APPS_TABLES = `
  CREATE TABLE apps (
    app_id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    deleted INTEGER NOT NULL,
    state TEXT NOT NULL
  ) WITHOUT ROWID, STRICT;
  CREATE INDEX apps_by_project ON apps (project_id, position);
`;

export interface AppView {
  readonly state: AppState;
  /** Revision of the app's stream. */
  readonly revision: number;
}

/** The apps as they are configured now; a deleted one does not exist here. */
export interface Apps {
  get(projectId: string, appId: string): AppView | undefined;
  /** In the order in which they were created. */
  list(projectId: string): readonly AppView[];
}

interface Row {
  readonly state: string;
  readonly revision: number;
}

export function openApps(db: DatabaseSync): Apps & Projection {
  const upsert = db.prepare(`
    INSERT INTO apps (app_id, project_id, position, revision, deleted, state) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET revision = excluded.revision, deleted = excluded.deleted, state = excluded.state`);
  const one = db.prepare(
    'SELECT state, revision FROM apps WHERE app_id = ? AND project_id = ? AND deleted = 0',
  );
  const all = db.prepare(
    'SELECT state, revision FROM apps WHERE project_id = ? AND deleted = 0 ORDER BY position',
  );

  function changed({ position, revision, event: { data } }: Recorded<AppEvent>): void {
    const { appId, projectId, deleted } = data.state;
    upsert.run(appId, projectId, position, revision, deleted ? 1 : 0, JSON.stringify(data.state));
  }
  const toView = ({ state, revision }: Row): AppView => ({ state: JSON.parse(state) as AppState, revision });

  return {
    on: {
      'app-created': changed,
      'app-changed': changed,
      'app-deleted': changed,
      'consent-settings-changed': changed,
      'channel-settings-changed': changed,
      'endpoint-registered': changed,
      'endpoint-changed': changed,
      'endpoint-removed': changed,
      'endpoint-disabled': changed,
      'endpoint-enabled': changed,
    },
    get(projectId, appId) {
      const row = one.get(appId, projectId) as unknown as Row | undefined;
      return row && toView(row);
    },
    list: (projectId) => (all.all(projectId) as unknown as Row[]).map(toView),
  };
}

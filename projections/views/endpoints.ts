import type { DatabaseSync } from 'node:sqlite';
import type { AppEvent } from '../../domain/events/events.js';
import type { Endpoint } from '../../domain/settings.js';
import type { Position, Recorded } from '../../ledger/ledger.js';
import type { Projection } from '../engine/projection.js';

export const ENDPOINTS_TABLES = `
  CREATE TABLE endpoints (
    endpoint_id TEXT NOT NULL,
    from_position INTEGER NOT NULL,
    to_position INTEGER,
    app_id TEXT NOT NULL,
    project_id TEXT NOT NULL,
    definition TEXT NOT NULL,
    PRIMARY KEY (endpoint_id, from_position)
  ) WITHOUT ROWID, STRICT;
  CREATE INDEX endpoints_by_app ON endpoints (app_id, from_position);
`;

export interface EndpointView {
  readonly appId: string;
  readonly endpoint: Endpoint;
}

/** The webhooks of apps that are not deleted. */
export interface Endpoints {
  /** An endpoint as it stands now; undefined once it is removed, or its app deleted. */
  find(projectId: string, endpointId: string): EndpointView | undefined;
  /** The endpoints in force at the newest event folded, by id. */
  inForce(appId: string): readonly Endpoint[];
  /** The endpoints that were in force at a past position, by id. */
  inForceAt(appId: string, position: Position): readonly Endpoint[];
}

interface Row {
  readonly appId: string;
  readonly endpointId: string;
  readonly definition: string;
}
const COLUMNS = 'app_id AS appId, endpoint_id AS endpointId, definition';

/** The endpoints of so many apps are kept parsed. */
const CACHED_APPS = 10_000;

export function openEndpoints(db: DatabaseSync): Endpoints & Projection {
  const begin = db.prepare('INSERT INTO endpoints VALUES (?, ?, NULL, ?, ?, ?)');
  const end = db.prepare(
    'UPDATE endpoints SET to_position = ? WHERE endpoint_id = ? AND to_position IS NULL',
  );
  const one = db.prepare(
    `SELECT ${COLUMNS} FROM endpoints WHERE endpoint_id = ? AND project_id = ? AND to_position IS NULL`,
  );
  const now = db.prepare(
    `SELECT ${COLUMNS} FROM endpoints WHERE app_id = ? AND to_position IS NULL ORDER BY endpoint_id`,
  );
  const past = db.prepare(`
    SELECT ${COLUMNS} FROM endpoints WHERE app_id = ? AND from_position <= ?2 AND (to_position IS NULL OR to_position > ?2)
    ORDER BY endpoint_id`);
  const cache = new Map<string, readonly Endpoint[]>();

  function changed({ position, event: { data } }: Recorded<AppEvent>): void {
    const { appId, projectId, deleted, endpoints } = data.state;
    const before = new Map(
      (now.all(appId) as unknown as Row[]).map((row) => [row.endpointId, row.definition]),
    );
    const after = new Map(
      deleted ? [] : endpoints.map((endpoint) => [endpoint.id, JSON.stringify(endpoint)]),
    );
    for (const [id, definition] of before) if (after.get(id) !== definition) end.run(position, id);
    for (const [id, definition] of after) {
      if (before.get(id) !== definition) begin.run(id, position, appId, projectId, definition);
    }
    cache.delete(appId);
  }

  return {
    on: {
      'app-created': changed,
      'app-changed': changed,
      'app-deleted': changed,
      'endpoint-registered': changed,
      'endpoint-changed': changed,
      'endpoint-removed': changed,
      'endpoint-disabled': changed,
      'endpoint-enabled': changed,
    },
    forget: () => {
      cache.clear();
    },
    find(projectId, endpointId) {
      const row = one.get(endpointId, projectId) as unknown as Row | undefined;
      return row && { appId: row.appId, endpoint: toEndpoint(row) };
    },
    inForce(appId) {
      const known = cache.get(appId);
      if (known !== undefined) return known;
      if (cache.size >= CACHED_APPS) cache.clear();
      const endpoints = (now.all(appId) as unknown as Row[]).map(toEndpoint);
      cache.set(appId, endpoints);
      return endpoints;
    },
    inForceAt: (appId, position) => (past.all(appId, position) as unknown as Row[]).map(toEndpoint),
  };
}

function toEndpoint({ definition }: Row): Endpoint {
  return JSON.parse(definition) as Endpoint;
}

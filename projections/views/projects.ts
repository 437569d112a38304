import type { DatabaseSync } from 'node:sqlite';
import type { Projection } from '../engine/projection.js';

export const PROJECTS_TABLES = `
  CREATE TABLE projects (
    project_id TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    display_name TEXT NOT NULL
  ) WITHOUT ROWID, STRICT;
`;

export interface Projects {
  has(projectId: string): boolean;
}

export function openProjects(db: DatabaseSync): Projects & Projection {
  const insert = db.prepare('INSERT INTO projects VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
  const one = db.prepare('SELECT 1 FROM projects WHERE project_id = ?');
  return {
    on: {
      'project-created': ({ position, event: { data } }) => {
        insert.run(data.projectId, position, data.displayName);
      },
    },
    has: (projectId) => one.get(projectId) !== undefined,
  };
}

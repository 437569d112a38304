import type { DatabaseSync } from 'node:sqlite';
import { ACCESS_KEYS_TABLES, openAccessKeys, type AccessKeys } from './access-keys.js';
import { APPS_TABLES, openApps, type Apps } from './apps.js';
import { AUDIT_TRAIL_TABLES, openAuditTrail, type AuditTrail } from './audit-trail.js';
import { CALLBACKS_TABLES, openCallbacks, type Callbacks } from './callbacks.js';
import { CONSENT_LISTS_TABLES, openConsentLists, type ConsentLists } from './consent-lists.js';
import { COUNTERS_TABLES, openCounters, type Counters } from './counters.js';
import { ENDPOINTS_TABLES, openEndpoints, type Endpoints } from './endpoints.js';
import { FAN_OUT_TABLES, openFanOut } from './fan-out.js';
import { MESSAGES_TABLES, openMessages, type Messages } from './messages.js';
import type { Owed } from './owed-reads.js';
import { openOwed, OWED_TABLES } from './owed.js';
import type { Projection } from './projection.js';
import { openProjects, PROJECTS_TABLES, type Projects } from './projects.js';

/** Tables of all views; a change of any of them is a new schema. */
export const TABLES = [
  PROJECTS_TABLES,
  ACCESS_KEYS_TABLES,
  APPS_TABLES,
  ENDPOINTS_TABLES,
  CONSENT_LISTS_TABLES,
  AUDIT_TRAIL_TABLES,
  MESSAGES_TABLES,
  FAN_OUT_TABLES,
  CALLBACKS_TABLES,
  OWED_TABLES,
  COUNTERS_TABLES,
].join('');

/** What can be asked of the views. */
export interface ReadSides {
  readonly projects: Projects;
  readonly keys: AccessKeys;
  readonly apps: Apps;
  readonly endpoints: Endpoints;
  readonly consentLists: ConsentLists;
  readonly audit: AuditTrail;
  readonly messages: Messages;
  readonly callbacks: Callbacks;
  readonly owed: Owed;
}

/** All views over one database, and the projections that keep them, in the order in which they fold an event. */
export interface ViewSet extends ReadSides {
  readonly counters: Counters;
  readonly projections: readonly Projection[];
}

export function openViewSet(db: DatabaseSync): ViewSet {
  const projects = openProjects(db);
  const keys = openAccessKeys(db);
  const apps = openApps(db);
  const endpoints = openEndpoints(db);
  const consentLists = openConsentLists(db);
  const audit = openAuditTrail(db);
  const messages = openMessages(db);
  const callbacks = openCallbacks(db);
  const owed = openOwed(db);
  const counters = openCounters(db);
  // After the endpoints, whose rows it asks for.
  const fanOut = openFanOut(db, { endpoints, sinks: [callbacks, owed] });
  return {
    ...{ projects, keys, apps, endpoints, consentLists, audit, messages, callbacks, owed, counters },
    projections: [projects, keys, apps, endpoints, consentLists, audit, messages, fanOut, callbacks, owed, counters],
  };
}

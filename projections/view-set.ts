import type { DatabaseSync } from 'node:sqlite';
import { ACCESS_KEYS_TABLES, openAccessKeys, type AccessKeys } from './views/access-keys.js';
import { APPS_TABLES, openApps, type Apps } from './views/apps.js';
import { AUDIT_TRAIL_TABLES, openAuditTrail, type AuditTrail } from './views/audit-trail.js';
import { CALLBACKS_TABLES, openCallbackRows } from './views/callback-rows.js';
import { openCallbacks, type Callbacks } from './views/callbacks.js';
import { CONSENT_LISTS_TABLES, openConsentLists, type ConsentLists } from './views/consent-lists.js';
import { COUNTERS_TABLES, openCounters, type Counters } from './views/counters.js';
import { ENDPOINTS_TABLES, openEndpoints, type Endpoints } from './views/endpoints.js';
import { FAN_OUT_TABLES, openFanOut } from './views/fan-out.js';
import { MESSAGE_CONTACTS_TABLES, openMessageContacts } from './views/message-contacts.js';
import { MESSAGES_TABLES, openMessages, type Messages } from './views/messages.js';
import { MINUTES_TABLES, openMinutes } from './paging/minutes.js';
import { openOwedMessages, OWED_MESSAGES_TABLES } from './owed/owed-messages.js';
import { openOwed, type Owed } from './owed/owed-reads.js';
import type { Projection } from './engine/projection.js';
import { openProjects, PROJECTS_TABLES, type Projects } from './views/projects.js';
import { openSuspicions, SUSPICIONS_TABLES, type Suspicions } from './views/suspicions.js';

/** The tables of all views; a change of any of them is a new schema. */
export const TABLES = [
  PROJECTS_TABLES,
  ACCESS_KEYS_TABLES,
  APPS_TABLES,
  ENDPOINTS_TABLES,
  CONSENT_LISTS_TABLES,
  AUDIT_TRAIL_TABLES,
  SUSPICIONS_TABLES,
  MESSAGES_TABLES,
  MESSAGE_CONTACTS_TABLES,
  FAN_OUT_TABLES,
  CALLBACKS_TABLES,
  OWED_MESSAGES_TABLES,
  COUNTERS_TABLES,
  MINUTES_TABLES,
].join('');

/** What can be asked of the views. */
export interface ReadSides {
  readonly projects: Projects;
  readonly keys: AccessKeys;
  readonly apps: Apps;
  readonly endpoints: Endpoints;
  readonly consentLists: ConsentLists;
  readonly audit: AuditTrail;
  readonly suspicions: Suspicions;
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
  const suspicions = openSuspicions(db);
  const minutes = openMinutes(db);
  const contacts = openMessageContacts(db);
  const messages = openMessages(db, { minutes, contacts });
  const callbackRows = openCallbackRows(db, minutes);
  const owedMessages = openOwedMessages(db);
  const counters = openCounters(db);
  const fanOut = openFanOut(db, { endpoints, callbacks: callbackRows, contacts });
  return {
    ...{ projects, keys, apps, endpoints, consentLists, audit, suspicions, messages, counters },
    callbacks: openCallbacks(db, minutes),
    owed: openOwed({ messages: owedMessages.lane, callbacks: callbackRows.lane }),
    projections: [
      ...[projects, keys, apps, endpoints, consentLists, audit, suspicions, messages],
      // The fan-out comes after the endpoints and messages, whose rows it asks for.
      fanOut,
      ...[callbackRows, owedMessages, counters, { ...minutes, on: {} }],
    ],
  };
}

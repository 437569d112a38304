import type { EventType } from '../../domain/events/events.js';

/** The type makes this table complete: a new event does not compile until somebody has thought of the views. */
const FOLDED: Readonly<Record<EventType, true>> = {
  'ledger-created': true,
  'project-created': true,
  'access-key-created': true,
  'access-key-revoked': true,
  'app-created': true,
  'app-changed': true,
  'app-deleted': true,
  'consent-settings-changed': true,
  'channel-settings-changed': true,
  'endpoint-registered': true,
  'endpoint-changed': true,
  'endpoint-removed': true,
  'endpoint-disabled': true,
  'endpoint-enabled': true,
  'message-received': true,
  'opted-out': true,
  'opted-in': true,
  'suspicion-decided': true,
  'message-accepted': true,
  'message-handing-over': true,
  'message-not-sent': true,
  'message-blocked': true,
  'message-dispatched': true,
  'message-failed': true,
  'message-reported': true,
  'callback-attempted': true,
  'callback-delivered': true,
  'callback-parked': true,
  'callback-retry-requested': true,
  'recording-started': true,
  'recording-ended': true,
};

/** Types that the views know; any other stops them. */
export const EVENT_TYPES = Object.keys(FOLDED) as readonly EventType[];

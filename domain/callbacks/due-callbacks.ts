import type { LedgerEvent, MessageFailedReason, Trigger } from '../events/events.js';
import type { Endpoint } from '../settings.js';

const NONE: readonly Trigger[] = [];
const DROPPED_REPLIES: ReadonlySet<MessageFailedReason> = new Set([
  'superseded',
  'expired',
  'reply-restored',
]);

/** Names the callbacks that an event fires, in the order in which they are made. */
export function triggersOf(event: LedgerEvent): readonly Trigger[] {
  switch (event.type) {
    case 'message-received':
      return ['MESSAGE_INBOUND'];
    case 'opted-out':
      return event.data.notify ? ['OPT_OUT'] : NONE;
    case 'opted-in':
      return event.data.notify ? ['OPT_IN'] : NONE;
    case 'message-blocked':
      return event.data.notifyOptOut ? ['MESSAGE_DELIVERY', 'OPT_OUT'] : ['MESSAGE_DELIVERY'];
    case 'message-dispatched':
      return ['MESSAGE_SUBMIT'];
    case 'message-reported':
      return ['MESSAGE_DELIVERY'];
    case 'message-failed':
      // A reply that was dropped was never announced, so nobody hears of its end.
      return DROPPED_REPLIES.has(event.data.reason) ? NONE : ['MESSAGE_DELIVERY'];
    case 'ledger-created':
    case 'project-created':
    case 'access-key-created':
    case 'access-key-revoked':
    case 'app-created':
    case 'app-changed':
    case 'app-deleted':
    case 'consent-settings-changed':
    case 'channel-settings-changed':
    case 'endpoint-registered':
    case 'endpoint-changed':
    case 'endpoint-removed':
    case 'endpoint-disabled':
    case 'endpoint-enabled':
    case 'suspicion-decided':
    case 'message-accepted':
    case 'message-handing-over':
    case 'message-not-sent':
    case 'callback-attempted':
    case 'callback-delivered':
    case 'callback-parked':
    case 'callback-retry-requested':
    case 'recording-started':
    case 'recording-ended':
      return NONE;
  }
}

/**
 * Whether a callback of this trigger is due at the endpoint. A disabled endpoint counts: its callbacks are parked, so that
 * they can be seen and replayed. An endpoint of type `DISMISS` was muted by its owner, and gets none.
 */
export function isDueAt(endpoint: Pick<Endpoint, 'targetType' | 'triggers'>, trigger: Trigger): boolean {
  return endpoint.targetType === 'HTTP' && endpoint.triggers.includes(trigger);
}

/**
 * Gives the ids of the endpoints that get a callback.
 * @param endpoints those in force at the event's position
 * @param overrideEndpointId stands for the `callback_url` of the message that the event is about: it takes the place
 * of the webhooks for delivery reports, and for nothing else (Sinch Conversation API)
 */
export function dueEndpointIds(
  trigger: Trigger,
  endpoints: readonly Pick<Endpoint, 'id' | 'targetType' | 'triggers'>[],
  overrideEndpointId: string | null,
): readonly string[] {
  if (trigger === 'MESSAGE_DELIVERY' && overrideEndpointId !== null) return [overrideEndpointId];
  return endpoints.filter((endpoint) => isDueAt(endpoint, trigger)).map(({ id }) => id);
}

import type { DatabaseSync } from 'node:sqlite';
import { dueEndpointIds, triggersOf } from '../../domain/callbacks/due-callbacks.js';
import type { ContactEvent, MessageEvent } from '../../domain/events/events.js';
import type { OwedCallback } from '../../domain/owed.js';
import { callbackId } from '../../ledger/event-ids.js';
import type { Recorded } from '../../ledger/ledger.js';
import type { CallbackRows } from './callback-rows.js';
import type { Endpoints } from './endpoints.js';
import type { MessageContacts } from './message-contacts.js';
import type { Projection } from '../engine/projection.js';

export const FAN_OUT_TABLES = `
  CREATE TABLE callback_overrides (
    message_id TEXT PRIMARY KEY,
    endpoint_id TEXT NOT NULL
  ) WITHOUT ROWID, STRICT;
`;

export interface FanOutDeps {
  readonly endpoints: Pick<Endpoints, 'inForce'>;
  readonly callbacks: Pick<CallbackRows, 'add' | 'eventAtOfWaiting'>;
  readonly contacts: Pick<MessageContacts, 'contactOf'>;
}

/**
 * Works out which callbacks an event owes: events are folded in order, so the endpoints known at its turn are those in
 * force at its position.
 */
export function openFanOut(db: DatabaseSync, { endpoints, callbacks, contacts }: FanOutDeps): Projection {
  const override = db.prepare('INSERT INTO callback_overrides VALUES (?, ?) ON CONFLICT DO NOTHING');
  const overrideOf = db.prepare('SELECT endpoint_id AS id FROM callback_overrides WHERE message_id = ?');

  /** Finds the endpoint that stands for a message's own `callback_url`. */
  function overrideFor(event: ContactEvent | MessageEvent): string | null {
    if (!('messageId' in event.data)) return null;
    return (overrideOf.get(event.data.messageId) as { id: string } | undefined)?.id ?? null;
  }
  function contactOf({ data }: ContactEvent | MessageEvent): string | null {
    return 'contactId' in data ? data.contactId : contacts.contactOf(data.messageId);
  }
  /** Finds the callback that has to end before this one: consent events of one contact arrive in order. */
  function before(event: ContactEvent | MessageEvent, endpointId: string): OwedCallback['after'] {
    if (!('previous' in event.data) || event.data.previous === null) return null;
    const { eventId, direction } = event.data.previous;
    const id = callbackId(eventId, direction, endpointId);
    const at = callbacks.eventAtOfWaiting(id);
    return at === undefined ? null : { callbackId: id, at };
  }
  function fanOut({ stream, revision, position, event }: Recorded<ContactEvent | MessageEvent>): void {
    const { projectId, appId } = event.data;
    const inForce = endpoints.inForce(appId);
    let seq = 0;
    for (const trigger of triggersOf(event)) {
      const own = trigger === 'MESSAGE_DELIVERY' ? overrideFor(event) : null;
      for (const endpointId of dueEndpointIds(trigger, inForce, own)) {
        const after = before(event, endpointId);
        const id = callbackId(event.id, trigger, endpointId);
        const item = { callbackId: id, projectId, appId, endpointId, trigger, stream, revision, after };
        const contactId = contactOf(event);
        callbacks.add({ position, seq, eventId: event.id, eventAt: event.meta.recordedAt, contactId, item });
        seq += 1;
      }
    }
  }

  return {
    on: {
      'message-received': fanOut,
      'opted-out': fanOut,
      'opted-in': fanOut,
      'message-blocked': fanOut,
      'message-dispatched': fanOut,
      'message-failed': fanOut,
      'message-reported': fanOut,
      'message-accepted': ({ event: { data } }) => {
        if (data.overrideEndpointId !== null) override.run(data.messageId, data.overrideEndpointId);
      },
    },
  };
}

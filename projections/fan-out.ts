import type { DatabaseSync } from 'node:sqlite';
import { dueEndpointIds, triggersOf } from '../domain/due-callbacks.js';
import type { ContactEvent, MessageEvent, OptedIn, OptedOut } from '../domain/events.js';
import type { OwedCallback } from '../domain/owed.js';
import { callbackId } from '../ledger/event-ids.js';
import type { Position, Recorded } from '../ledger/ledger.js';
import type { Endpoints } from './endpoints.js';
import type { Projection } from './projection.js';

export const FAN_OUT_TABLES = `
  CREATE TABLE callback_overrides (
    message_id TEXT PRIMARY KEY,
    endpoint_id TEXT NOT NULL
  ) WITHOUT ROWID, STRICT;
`;

/** A callback that falls due with an event; `seq` counts the callbacks of that event from 0. */
export interface DueCallback {
  readonly position: Position;
  readonly seq: number;
  readonly eventId: string;
  /** RFC 3339, when the event was recorded. */
  readonly eventAt: string;
  readonly item: OwedCallback;
}

export interface FanOutDeps {
  readonly endpoints: Pick<Endpoints, 'inForce'>;
  readonly sinks: readonly { add(due: DueCallback): void }[];
}

/**
 * Which callbacks an event owes: events are folded in order, so the endpoints known at its turn are those in force at
 * its position.
 */
export function openFanOut(db: DatabaseSync, { endpoints, sinks }: FanOutDeps): Projection {
  const override = db.prepare('INSERT INTO callback_overrides VALUES (?, ?) ON CONFLICT DO NOTHING');
  const overrideOf = db.prepare('SELECT endpoint_id AS id FROM callback_overrides WHERE message_id = ?');
  const eventAtOf = db.prepare('SELECT event_at AS at FROM callbacks WHERE callback_id = ?');

  /** Order between the consent events of one contact: the callback before this one, where there was one. */
  function before({ data }: OptedOut | OptedIn, endpointId: string): OwedCallback['after'] {
    if (data.previous === null) return null;
    const { eventId, direction } = data.previous;
    const id = callbackId(eventId, direction, endpointId);
    const row = eventAtOf.get(id) as { at: string } | undefined;
    return row === undefined ? null : { callbackId: id, at: row.at };
  }

  function fanOut({ stream, revision, position, event }: Recorded<ContactEvent | MessageEvent>): void {
    const { projectId, appId } = event.data;
    const isConsent = event.type === 'opted-out' || event.type === 'opted-in';
    const inForce = endpoints.inForce(appId);
    let seq = 0;
    for (const trigger of triggersOf(event)) {
      const own = trigger === 'MESSAGE_DELIVERY' && 'messageId' in event.data ? overrideFor(event.data.messageId) : null;
      for (const endpointId of dueEndpointIds(trigger, inForce, own)) {
        const after = isConsent ? before(event, endpointId) : null;
        const id = callbackId(event.id, trigger, endpointId);
        const item = { callbackId: id, projectId, appId, endpointId, trigger, stream, revision, after };
        const due = { position, seq, eventId: event.id, eventAt: event.meta.recordedAt, item };
        for (const sink of sinks) sink.add(due);
        seq += 1;
      }
    }
  }
  function overrideFor(messageId: string): string | null {
    return (overrideOf.get(messageId) as { id: string } | undefined)?.id ?? null;
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

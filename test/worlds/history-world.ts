import { dueEndpointIds, triggersOf } from '../../domain/callbacks/due-callbacks.js';
import type { CallbackData, ConsentChangeData, LedgerEvent } from '../../domain/events/events.js';
import type { ListType } from '../../domain/lists.js';
import type { Endpoint } from '../../domain/settings.js';
import { callbackId } from '../../ledger/event-ids.js';
import type { Ledger } from '../../ledger/ledger.js';
import { appStream, callbackStream, contactStream, messageStream } from '../../ledger/streams.js';
import { appState, at, T0 } from '../unit/projections/events.js';

/** What a contact's history says, kept by other means than the views do. */
export interface ContactModel {
  readonly onLists: Set<ListType>;
  readonly audit: string[];
  last: ConsentChangeData['previous'];
}
export interface MessageModel {
  readonly appId: string;
  readonly messageId: string;
  readonly override: string | null;
  /** False for a reply that is due and was never tried. */
  accepted: boolean;
  state: 'open' | 'tried' | 'ended';
}
export interface CallbackModel {
  readonly data: CallbackData;
  readonly order: number;
  state: 'waiting' | 'delivered' | 'parked';
  attempts: number;
}

/** A ledger that grows, beside a plain model of what its views have to say. */
export interface World {
  readonly apps: Map<string, { endpoints: Endpoint[]; deleted: boolean }>;
  readonly contacts: Map<string, ContactModel>;
  /** `app list` → contacts in the order in which they came onto it. */
  readonly lists: Map<string, string[]>;
  readonly messages: Map<string, MessageModel>;
  readonly callbacks: Map<string, CallbackModel>;
  /** Id → when it is due, ms since the epoch. */
  readonly owed: { readonly messages: Map<string, number>; readonly callbacks: Map<string, number> };
  /** Number of the next event; its time is as many seconds after the start. */
  next(): number;
  append(stream: string, event: LedgerEvent): void;
  appendApp(
    appId: string,
    type: 'app-changed' | 'app-created' | 'app-deleted' | 'consent-settings-changed',
  ): void;
  /** Everything appended so far, in order. */
  readonly events: readonly { readonly stream: string; readonly event: LedgerEvent }[];
}

export const streamsOf = {
  app: appStream,
  contact: contactStream,
  message: messageStream,
  callback: callbackStream,
};

export function createWorld(): World {
  const events: { stream: string; event: LedgerEvent }[] = [];
  const world: World = {
    apps: new Map(),
    contacts: new Map(),
    lists: new Map(),
    messages: new Map(),
    callbacks: new Map(),
    owed: { messages: new Map(), callbacks: new Map() },
    events,
    next: () => events.length,
    append(stream, event) {
      events.push({ stream, event });
      fanOut(world, event);
    },
    appendApp(appId, type) {
      const { endpoints, deleted } = world.apps.get(appId) ?? { endpoints: [], deleted: false };
      const n = events.length;
      const meta = { recordedAt: at(n * 1000), occurredAt: at(n * 1000), actor: { type: 'system' } } as const;
      const data = { state: appState(appId, { endpoints: [...endpoints], deleted }) };
      world.append(appStream(appId), { id: idOf(n), type, version: 1, data, meta });
    },
  };
  return world;
}

export const idOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** Callbacks by the endpoints that the model knows at this moment. */
function fanOut(world: World, event: LedgerEvent): void {
  if (!('appId' in event.data)) return;
  const { projectId, appId } = event.data;
  const app = world.apps.get(appId);
  const inForce =
    app === undefined || app.deleted ? [] : [...app.endpoints].sort((a, b) => (a.id < b.id ? -1 : 1));
  const messageId = 'messageId' in event.data ? event.data.messageId : '';
  const override = world.messages.get(messageId)?.override ?? null;
  for (const trigger of triggersOf(event)) {
    for (const endpointId of dueEndpointIds(trigger, inForce, override)) {
      const id = callbackId(event.id, trigger, endpointId);
      const data = { projectId, appId, callbackId: id, endpointId, trigger, eventId: event.id };
      world.callbacks.set(id, { data, order: world.callbacks.size, state: 'waiting', attempts: 0 });
      world.owed.callbacks.set(id, Date.parse(event.meta.recordedAt));
    }
  }
}

/** Writes events into a ledger, each at the revision that its stream has reached. */
export async function pour(
  ledger: Ledger,
  events: World['events'],
  from = 0,
  to = events.length,
): Promise<void> {
  const heads = new Map<string, number>();
  for (const { stream } of events.slice(0, from)) heads.set(stream, (heads.get(stream) ?? -1) + 1);
  for (const { stream, event } of events.slice(from, to)) {
    const head = heads.get(stream);
    await ledger.append(stream, [event], head ?? 'none');
    heads.set(stream, (head ?? -1) + 1);
  }
}

/** Milliseconds since the epoch of the n-th event. */
export const timeOf = (n: number): number => T0 + n * 1000;

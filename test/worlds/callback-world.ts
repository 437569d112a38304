import { createCallbackPoster, type CallbackPoster } from '../../activities/callbacks/callback-poster.js';
import { POLICY } from '../../bin/wiring/policy.js';
import type { HttpAnswer, HttpCall, HttpFault } from '../../http-client/http-sender.js';
import type { CallbackEvent, LedgerEvent, Trigger } from '../../domain/events/events.js';
import type { OwedCallback } from '../../domain/owed.js';
import { endpointSecretContext } from '../../domain/seal-contexts.js';
import { DEFAULT_CONSENT_SETTINGS, type AppState, type Endpoint } from '../../domain/settings.js';
import { callbackId, deriveId } from '../../ledger/event-ids.js';
import { SCHEMA_CODEC } from '../../ledger/event-codec.js';
import type { Ledger } from '../../ledger/ledger.js';
import { createMemoryLedger } from '../../ledger/memory/memory-ledger.js';
import { createProviderIds } from '../../ledger/commands/provider-ids.js';
import { recordInbound } from '../../ledger/commands/record-inbound.js';
import { openRootKey } from '../../ledger/keys/root-key.js';
import { appStream, callbackStream, contactStream } from '../../ledger/streams.js';

export const PROJECT = 'p1';
export const APP = 'app1';
export const SECRET = 'callback secret';
export const START_MS = Date.parse('2026-01-02T03:04:05.678Z');
export const rootKey = openRootKey(Buffer.alloc(32, 7));

/** A sender whose answers a test gives: at once by `answers`, or one by one. */
export interface FakeSender {
  readonly calls: HttpCall[];
  answer: (call: HttpCall) => HttpAnswer | Promise<HttpAnswer>;
  aborted: boolean;
}

export interface CallbackWorld {
  readonly ledger: Ledger;
  readonly clock: { ms: number; now: () => number };
  readonly sender: FakeSender;
  readonly poster: CallbackPoster;
  /** A second process on the same ledger. */
  anotherPoster(): CallbackPoster;
  /** Writes the app's state anew. */
  configure(app: Partial<AppState>): Promise<void>;
  app(): Promise<AppState>;
  /** Records an inbound text and gives the callbacks that it owes to the endpoint. */
  inbound(text: string, from?: string, endpointId?: string): Promise<readonly OwedCallback[]>;
  events(callbackId: string): Promise<readonly CallbackEvent[]>;
}

const exchanged = { sent: true, peer: '192.0.2.1', durationMs: 5 };
export const answered = (
  status: number,
  more: { retryAfter?: string; excerpt?: string } = {},
): HttpAnswer => ({
  ...exchanged,
  status,
  fault: null,
  retryAfter: null,
  excerpt: '',
  truncated: false,
  ...more,
});
export const faulted = (fault: HttpFault): HttpAnswer => ({ ...exchanged, status: null, fault });

export const endpoint = (id: string, more: Partial<Endpoint> = {}): Endpoint => ({
  id,
  target: `https://${id}.example/hook`,
  targetType: 'HTTP',
  sealedSecret: rootKey.seal(SECRET, endpointSecretContext(id)),
  triggers: ['MESSAGE_INBOUND', 'OPT_OUT', 'OPT_IN'],
  clientCredentials: null,
  delivery: { profile: 'durable', timeoutS: 15 },
  disabled: null,
  ...more,
});

export const newApp = (): AppState => ({
  projectId: PROJECT,
  appId: APP,
  deleted: false,
  displayName: 'demo',
  processingMode: 'DISPATCH',
  profile: {},
  consent: DEFAULT_CONSENT_SETTINGS,
  channel: { type: 'simulator' },
  endpoints: [endpoint('ep1'), endpoint('ep2')],
  sealedOverrideSecret: null,
});

export async function callbackWorld(
  meddle: (ledger: Ledger) => Ledger = (inner) => inner,
): Promise<CallbackWorld> {
  const ledger = meddle(createMemoryLedger(SCHEMA_CODEC));
  const clock = { ms: START_MS, now: () => clock.ms };
  const sender: FakeSender = { calls: [], answer: () => answered(200), aborted: false };
  const http = {
    post: async (call: HttpCall) => {
      sender.calls.push(call);
      return sender.answer(call);
    },
    abort: () => {
      sender.aborted = true;
    },
  };
  const providerIds = createProviderIds();
  let nonces = 0;
  let messages = 0;
  const newPoster = (): CallbackPoster =>
    createCallbackPoster({
      ...{ ledger, clock, http, times: POLICY.callbacks, batch: POLICY.batch },
      open: (sealed, context) => rootKey.open(sealed, context),
      newNonce: () => `nonce-${String(++nonces)}`,
    });
  const last = async (stream: string) =>
    (await ledger.readStream(stream, { from: 'end', direction: 'backwards', limit: 1 })).at(0);
  const world: CallbackWorld = {
    ...{ ledger, clock, sender },
    poster: newPoster(),
    anotherPoster: newPoster,
    async configure(change) {
      const before = await last(appStream(APP));
      const state = { ...(before === undefined ? newApp() : stateOf(before.event)), ...change };
      const at = new Date(clock.ms).toISOString();
      const event: LedgerEvent = {
        id: deriveId('test-app', String(before?.revision ?? -1)),
        type: before === undefined ? 'app-created' : 'app-changed',
        version: 1,
        data: { state },
        meta: { recordedAt: at, occurredAt: at, actor: { type: 'system' } },
      };
      await ledger.append(appStream(APP), [event], before?.revision ?? 'none');
    },
    app: async () => stateOf((await last(appStream(APP)))?.event),
    async inbound(text, from = '46700000001', endpointId = 'ep1') {
      const stream = contactStream(rootKey.contactId(PROJECT, APP, { channel: 'SMS', identity: from }));
      const before = (await last(stream))?.revision ?? -1;
      await recordInbound(
        { ledger, clock, rootKey, providerIds },
        {
          ...{ projectId: PROJECT, appId: APP, provider: 'generic', channel: 'SMS', sender: '4670999' },
          ...{ providerMessageId: `m-${String(++messages)}`, identity: from, text },
        },
      );
      const read = { from: before + 1, direction: 'forwards', limit: 10 } as const;
      const recorded = await ledger.readStream(stream, read);
      return recorded.map(({ event, revision }) => owed(event, stream, revision, endpointId));
    },
    events: async (id) =>
      (await ledger.readStream(callbackStream(id), { from: 0, direction: 'forwards', limit: 1000 })).map(
        ({ event }) => event as CallbackEvent,
      ),
  };
  await world.configure({});
  return world;
}

function stateOf(event: LedgerEvent | undefined): AppState {
  if (event === undefined || !('state' in event.data) || !('displayName' in event.data.state)) {
    throw new Error('no app');
  }
  return event.data.state;
}

const TRIGGERS: Readonly<Record<string, Trigger>> = {
  'message-received': 'MESSAGE_INBOUND',
  'opted-out': 'OPT_OUT',
  'opted-in': 'OPT_IN',
};

function owed(event: LedgerEvent, stream: string, revision: number, endpointId: string): OwedCallback {
  const trigger = TRIGGERS[event.type];
  if (trigger === undefined) throw new Error(`${event.type} is not told`);
  const previous = 'previous' in event.data ? event.data.previous : null;
  return {
    callbackId: callbackId(event.id, trigger, endpointId),
    ...{ projectId: PROJECT, appId: APP, endpointId, trigger, stream, revision },
    after:
      previous === null
        ? null
        : {
            callbackId: callbackId(previous.eventId, previous.direction, endpointId),
            at: event.meta.recordedAt,
          },
  };
}

/** The one element that a test is about. */
export function only<T>(list: readonly T[]): T {
  const [first] = list;
  if (first === undefined || list.length !== 1) throw new Error(`one expected, not ${String(list.length)}`);
  return first;
}

/** An answer that comes when the test says so. */
export function later<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  const { promise, resolve } = Promise.withResolvers<T>();
  return { promise, resolve };
}

/** OPT_OUT callbacks of so many phones, other phones per endpoint. */
export async function stopsIn(
  world: CallbackWorld,
  count: number,
  endpointId = 'ep1',
): Promise<OwedCallback[]> {
  const prefix = endpointId === 'ep1' ? '4670000' : '4672000';
  const items: OwedCallback[] = [];
  for (let i = 0; i < count; i++) {
    const [, optOut] = await world.inbound('STOP', `${prefix}${String(i).padStart(4, '0')}`, endpointId);
    if (optOut !== undefined) items.push(optOut);
  }
  return items;
}

/** How many results there are of each state. */
export function states(results: readonly { state: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { state } of results) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

/** Lets what is ready run. */
export async function nextTurns(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise(setImmediate);
}

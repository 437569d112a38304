import { DEFAULT_CONSENT_SETTINGS, type AppState, type ConsentSettings } from '../../domain/settings.js';
import type { LedgerEvent } from '../../domain/events/events.js';
import { deriveId } from '../../ledger/event-ids.js';
import { createMemoryLedger, type MemoryLedger } from '../../ledger/memory/memory-ledger.js';
import { createProviderIds } from '../../ledger/commands/provider-ids.js';
import { openRootKey, type RootKey } from '../../ledger/keys/root-key.js';
import { appStream } from '../../ledger/streams.js';
import type { InboundToApp } from '../../ledger/commands/record-inbound.js';

export const PROJECT = 'p1';
export const APP = 'app1';
export const START_MS = Date.parse('2026-01-02T03:04:05.678Z');

/** A memory ledger with one app, and a clock that stands still until it is moved. */
export interface CommandWorld {
  readonly ledger: MemoryLedger;
  readonly rootKey: RootKey;
  readonly clock: { now: () => number; ms: number };
  readonly providerIds: ReturnType<typeof createProviderIds>;
  /** Writes the app's state anew. */
  configure(consent: Partial<ConsentSettings>, app?: Partial<AppState>): Promise<void>;
  events(stream: string): Promise<readonly LedgerEvent[]>;
}

export async function commandWorld(): Promise<CommandWorld> {
  const ledger = createMemoryLedger();
  const clock = { ms: START_MS, now: () => clock.ms };
  let revision = -1;
  const world: CommandWorld = {
    ledger,
    rootKey: openRootKey(Buffer.alloc(32, 7)),
    clock,
    providerIds: createProviderIds(),
    async configure(consent, app = {}) {
      const event = appEvent(revision + 1, {
        ...newApp(),
        ...app,
        consent: { ...DEFAULT_CONSENT_SETTINGS, ...consent },
      });
      await ledger.append(appStream(APP), [event], revision < 0 ? 'none' : revision);
      revision += 1;
    },
    events: async (stream) =>
      (await ledger.readStream(stream, { from: 0, direction: 'forwards', limit: 1000 })).map(
        ({ event }) => event,
      ),
  };
  await world.configure({});
  return world;
}

function newApp(): Omit<AppState, 'consent'> {
  return {
    projectId: PROJECT,
    appId: APP,
    deleted: false,
    displayName: 'demo',
    processingMode: 'DISPATCH',
    profile: {},
    channel: { type: 'simulator' },
    endpoints: [],
    sealedOverrideSecret: null,
  };
}

function appEvent(revision: number, state: AppState): LedgerEvent {
  const at = new Date(START_MS).toISOString();
  return {
    id: deriveId('test-app', String(revision)),
    type: revision === 0 ? 'app-created' : 'app-changed',
    version: 1,
    data: { state },
    meta: { recordedAt: at, occurredAt: at, actor: { type: 'system' } },
  };
}

/** An SMS from one phone; `text` and the provider's id vary. */
export function sms(text: string | undefined, providerMessageId = 'm-1'): InboundToApp {
  return {
    projectId: PROJECT,
    appId: APP,
    provider: 'generic',
    providerMessageId,
    channel: 'SMS',
    identity: '+46 70 000 00 01',
    sender: '4670999',
    ...(text === undefined ? {} : { text }),
  };
}

/** Stream of the phone that `sms` writes from. */
export const phoneStream = ({ rootKey }: CommandWorld): string =>
  `contact-${rootKey.contactId(PROJECT, APP, { channel: 'SMS', identity: '46700000001' })}`;

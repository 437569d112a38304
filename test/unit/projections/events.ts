import type {
  AttemptData,
  CallbackData,
  ConsentChangeData,
  EventMeta,
  EventType,
  LedgerEvent,
  MessageAcceptedData,
  MessageReceivedData,
} from '../../../domain/events/events.js';
import { DEFAULT_CONSENT_SETTINGS, DEFAULT_DELIVERY_SETTINGS } from '../../../domain/settings.js';
import type { AppState, Endpoint } from '../../../domain/settings.js';
import { deriveId, ulidOf } from '../../../ledger/event-ids.js';

export const PROJECT = 'p-1';
export const T0 = Date.parse('2026-01-02T03:04:05.678Z');
export const at = (ms: number): string => new Date(T0 + ms).toISOString();
export const ulid = (name: string): string => ulidOf(deriveId('test', name));
export const contactIdOf = (name: string): string => `contact-of-${name}`;

type Of<T extends EventType> = Extract<LedgerEvent, { type: T }>;

/** An event of any type; `n` makes its id, `ms` the time since `T0`. */
export function event<T extends EventType>(
  n: number,
  type: T,
  data: Of<T>['data'],
  { ms = 0, personal }: { readonly ms?: number; readonly personal?: Of<T>['personal'] } = {},
): Of<T> {
  const meta: EventMeta = { recordedAt: at(ms), occurredAt: at(ms), actor: { type: 'system' } };
  const id = deriveId('event', String(n));
  return { id, type, version: 1, data, meta, ...(personal && { personal }) } as unknown as Of<T>;
}

export const endpoint = (id: string, over: Partial<Endpoint> = {}): Endpoint => ({
  id,
  target: `https://receiver.example/${id}`,
  targetType: 'HTTP',
  sealedSecret: null,
  triggers: ['MESSAGE_INBOUND', 'OPT_IN', 'OPT_OUT', 'MESSAGE_SUBMIT', 'MESSAGE_DELIVERY'],
  clientCredentials: null,
  delivery: DEFAULT_DELIVERY_SETTINGS,
  disabled: null,
  ...over,
});

export const appState = (appId: string, over: Partial<AppState> = {}): AppState => ({
  projectId: PROJECT,
  appId,
  deleted: false,
  displayName: appId,
  processingMode: 'DISPATCH',
  profile: {},
  consent: DEFAULT_CONSENT_SETTINGS,
  channel: { type: 'simulator' },
  endpoints: [],
  sealedOverrideSecret: null,
  ...over,
});

const contact = (appId: string, contactId: string) =>
  ({
    projectId: PROJECT,
    appId,
    contactId,
    appRevision: 0,
    state: { standing: {}, lastConsent: null, lastOptInReplyAt: null },
    channel: 'SMS',
    processingMode: 'DISPATCH',
    bodyVersion: 1,
  }) as const;

export const receivedData = (appId: string, contactId: string, messageId: string): MessageReceivedData => ({
  ...contact(appId, contactId),
  messageId,
  provider: 'generic',
  providerMessageId: 'gw-1',
  matched: null,
});

export const changeData = (
  appId: string,
  contactId: string,
  over: Partial<ConsentChangeData> = {},
): ConsentChangeData => ({
  ...contact(appId, contactId),
  requestId: ulid('request'),
  listType: 'OPT_OUT_ALL',
  language: 'EN',
  origin: 'ORIGIN_MO',
  moved: ['OPT_OUT_ALL'],
  previous: null,
  reply: null,
  notify: true,
  ...over,
});

export const acceptedData = (
  appId: string,
  messageId: string,
  over: Partial<MessageAcceptedData> = {},
): MessageAcceptedData => ({
  projectId: PROJECT,
  appId,
  messageId,
  kind: 'MESSAGE',
  contentType: 'CONTENT_UNKNOWN',
  recipients: [
    { channel: 'WHATSAPP', contactId: contactIdOf('first') },
    { channel: 'SMS', contactId: contactIdOf('second') },
  ],
  cause: null,
  expiresAt: at(3_600_000),
  processingMode: 'DISPATCH',
  overrideEndpointId: null,
  requestHash: null,
  bodyVersion: 1,
  ...over,
});

export const ofMessage = (appId: string, messageId: string) => ({ projectId: PROJECT, appId, messageId });
export const permit = { app: { stream: 'app-1', revision: 0 }, contacts: [] } as const;

export const attemptData = (callback: CallbackData, over: Partial<AttemptData> = {}): AttemptData => ({
  ...callback,
  attempt: 1,
  class: 'transient',
  status: 503,
  fault: null,
  durationMs: 12,
  ...over,
});

import type {
  CallbackData,
  ConsentChangeData,
  EventType,
  LedgerEvent,
  Permit,
} from '../../../domain/events/events.js';
import { SAMPLE_APP, SAMPLE_SINCH, SAMPLE_TWILIO } from './app-sample.js';
import { RECORDING_SAMPLES } from './event-samples-recording.js';
import { sampleUlid, sampleUuid } from './sample-ids.js';

export { sampleUlid, sampleUuid } from './sample-ids.js';

const AT = '2026-01-02T03:04:05.678Z';
const meta = { recordedAt: AT, occurredAt: AT, actor: { type: 'system' } } as const;
const base = { id: sampleUuid(1), version: 1, meta } as const;

const standing = {
  OPT_OUT_ALL: { optedOut: true, eventId: sampleUuid(1), revision: 1, at: AT },
  OPT_OUT_MARKETING: { optedOut: false, eventId: sampleUuid(2), revision: 0, at: AT },
};
const contact = {
  projectId: 'p-1',
  appId: 'app-1',
  contactId: 'c'.repeat(32),
  appRevision: 3,
  channel: 'SMS',
  processingMode: 'DISPATCH',
  bodyVersion: 1,
  state: {
    standing,
    ownOptOuts: { OPT_OUT_ALL: { eventId: sampleUuid(1), revision: 1, at: AT } },
    lastConsent: { eventId: sampleUuid(1), direction: 'OPT_OUT' },
    lastOptInReplyAt: AT,
    heldStops: [{ eventId: sampleUuid(4), listType: 'OPT_OUT_ALL', since: AT }],
  },
} as const;
const consent: ConsentChangeData = {
  ...contact,
  requestId: sampleUlid(1),
  listType: 'OPT_OUT_ALL',
  language: 'EN',
  origin: 'ORIGIN_MO',
  moved: ['OPT_OUT_ALL'],
  previous: { eventId: sampleUuid(9), direction: 'OPT_IN' },
  reply: { kind: 'OPT_OUT', messageId: sampleUlid(2) },
  notify: true,
  evidence: { obtainedAt: AT },
};
const consentPersonal = {
  identity: '46700000001',
  sender: '46700000002',
  replyText: 'Bye.',
  reason: 'told us on the phone',
  evidenceText: 'box ticked',
};
const message = { projectId: 'p-1', appId: 'app-1', messageId: sampleUlid(3) };
const permit: Permit = {
  app: { stream: 'app-app-1', revision: 3 },
  contacts: [{ stream: `contact-${'c'.repeat(32)}`, revision: -1 }],
};
const callback: CallbackData = {
  projectId: 'p-1',
  appId: 'app-1',
  callbackId: sampleUuid(5),
  endpointId: 'override-0a1b',
  trigger: 'OPT_OUT',
  eventId: sampleUuid(1),
};
const attempt = { attempt: 1, class: 'transient', status: null, fault: 'timeout', durationMs: 12.5 } as const;
const attemptPersonal = { peer: '192.0.2.1', excerpt: 'oops' };

/** One full example of every event: each optional key is there. */
export const EVENT_SAMPLES: { readonly [T in EventType]: Extract<LedgerEvent, { readonly type: T }> } = {
  'ledger-created': {
    ...base,
    type: 'ledger-created',
    data: { ledgerId: 'led-1', keyCheck: 'ab12', identityRules: 2 },
  },
  'project-created': { ...base, type: 'project-created', data: { projectId: 'p-1', displayName: 'Shop' } },
  'access-key-created': {
    ...base,
    type: 'access-key-created',
    data: {
      projectId: 'p-1',
      keyId: 'k-1',
      secretHash: 'a'.repeat(64),
      scopes: ['admin', 'inbound'],
      label: '',
    },
  },
  'access-key-revoked': {
    ...base,
    type: 'access-key-revoked',
    data: { projectId: 'p-1', keyId: 'k-1' },
    meta: { ...meta, actor: { type: 'access-key', id: 'k-2' } },
  },
  'app-created': { ...base, type: 'app-created', data: { state: SAMPLE_APP } },
  'app-changed': { ...base, type: 'app-changed', data: { state: { ...SAMPLE_APP, channel: SAMPLE_SINCH } } },
  'app-deleted': { ...base, type: 'app-deleted', data: { state: { ...SAMPLE_APP, deleted: true } } },
  'consent-settings-changed': {
    ...base,
    type: 'consent-settings-changed',
    data: { state: { ...SAMPLE_APP, channel: SAMPLE_TWILIO } },
  },
  'channel-settings-changed': {
    ...base,
    type: 'channel-settings-changed',
    data: { state: { ...SAMPLE_APP, channel: { type: 'simulator' } } },
  },
  'endpoint-registered': {
    ...base,
    type: 'endpoint-registered',
    data: { state: SAMPLE_APP, endpointId: 'wh-1' },
  },
  'endpoint-changed': { ...base, type: 'endpoint-changed', data: { state: SAMPLE_APP, endpointId: 'wh-1' } },
  'endpoint-removed': { ...base, type: 'endpoint-removed', data: { state: SAMPLE_APP, endpointId: 'wh-1' } },
  'endpoint-disabled': {
    ...base,
    type: 'endpoint-disabled',
    data: { state: SAMPLE_APP, endpointId: 'wh-1' },
  },
  'endpoint-enabled': { ...base, type: 'endpoint-enabled', data: { state: SAMPLE_APP, endpointId: 'wh-1' } },
  'message-received': {
    ...base,
    type: 'message-received',
    data: {
      ...contact,
      messageId: sampleUlid(4),
      provider: 'generic',
      providerMessageId: 'gw 1',
      matched: { listType: 'OPT_OUT_ALL', direction: 'OPT_OUT', language: 'EN' },
      providerOptOut: 'STOP',
      injected: true,
      help: { language: 'EN', reply: { kind: 'HELP', messageId: sampleUlid(6) } },
      suspected: { listType: 'OPT_OUT_ALL', language: 'FR', treatment: 'hold' },
    },
    personal: {
      ...{ identity: '46700000001', sender: '46700000002', text: 'STOP', content: { x: 1 }, metadata: 'm' },
      replyText: 'Call us.',
      suspectedPhrase: 'stop texting me',
    },
    meta: { ...meta, actor: { type: 'provider', name: 'generic' } },
  },
  'opted-out': {
    ...base,
    type: 'opted-out',
    data: consent,
    personal: consentPersonal,
    meta: {
      ...meta,
      actor: { type: 'contact' },
      causationId: sampleUuid(8),
      correlationId: sampleUuid(8),
    },
  },
  'opted-in': {
    ...base,
    type: 'opted-in',
    data: { ...consent, language: null, reply: null, previous: null, moved: [], late: true },
    personal: { identity: '46700000001', sender: '' },
  },
  'suspicion-decided': {
    ...base,
    type: 'suspicion-decided',
    data: {
      ...{ projectId: 'p-1', appId: 'app-1', contactId: 'c'.repeat(32), state: contact.state },
      ...{ suspicionId: sampleUuid(4), listType: 'OPT_OUT_ALL', decision: 'stop' },
    },
    meta: { ...meta, actor: { type: 'access-key', id: 'k-1' } },
  },
  'message-accepted': {
    ...base,
    type: 'message-accepted',
    data: {
      ...message,
      kind: 'REPLY',
      contentType: 'CONTENT_UNKNOWN',
      recipients: [{ channel: 'SMS', contactId: 'c'.repeat(32) }],
      cause: {
        stream: 'contact-1',
        revision: 1,
        eventId: sampleUuid(1),
        kind: 'OPT_OUT',
        listType: 'OPT_OUT_ALL',
        at: AT,
      },
      expiresAt: AT,
      processingMode: 'DISPATCH',
      overrideEndpointId: 'override-0a1b',
      requestHash: 'ab',
      bodyVersion: 1,
    },
    personal: {
      identities: ['46700000001'],
      sender: '46700000002',
      message: { text_message: { text: 'Bye.' } },
      metadata: '',
      correlationId: '',
      callbackUrl: 'https://receiver.example/',
    },
  },
  'message-handing-over': {
    ...base,
    type: 'message-handing-over',
    data: { ...message, attempt: 1, permit, channelType: 'simulator' },
  },
  'message-not-sent': {
    ...base,
    type: 'message-not-sent',
    data: { ...message, attempt: 1, class: 'stale', retryAt: AT },
  },
  'message-blocked': {
    ...base,
    type: 'message-blocked',
    data: {
      ...message,
      listType: 'OPT_OUT_MARKETING',
      contentType: 'CONTENT_MARKETING',
      mode: 'PRIMARY',
      permit,
      decidedBy: sampleUuid(2),
      recipientIndex: 0,
      notifyOptOut: true,
      bodyVersion: 1,
    },
  },
  'message-dispatched': {
    ...base,
    type: 'message-dispatched',
    data: {
      ...message,
      ...{ attempt: 1, recipientIndex: 0, handedOverAt: AT, providerMessageId: 'SM1', bodyVersion: 1 },
    },
  },
  'message-failed': {
    ...base,
    type: 'message-failed',
    data: {
      ...message,
      ...{ attempt: 0, reason: 'superseded', description: '', bodyVersion: 1 },
      providerError: { provider: 'twilio', code: 21610, block: true },
    },
  },
  'message-reported': {
    ...base,
    type: 'message-reported',
    data: {
      ...message,
      ...{ status: 'FAILED', reason: 'UNKNOWN', bodyVersion: 1 },
      providerError: { provider: 'twilio', code: 30003, block: false },
    },
  },
  'callback-attempted': {
    ...base,
    type: 'callback-attempted',
    data: { ...callback, ...attempt, nextAttemptAt: AT, retryAfterMs: 1000 },
    personal: attemptPersonal,
  },
  'callback-delivered': {
    ...base,
    type: 'callback-delivered',
    data: { ...callback, ...attempt, class: 'delivered', status: 204, fault: null },
    personal: attemptPersonal,
  },
  'callback-parked': {
    ...base,
    type: 'callback-parked',
    data: { ...callback, attempts: 1, reason: 'exhausted', last: attempt },
    personal: attemptPersonal,
  },
  'callback-retry-requested': { ...base, type: 'callback-retry-requested', data: callback },
  ...RECORDING_SAMPLES,
};

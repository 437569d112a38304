import type { CallbackSource } from '../../domain/callbacks/callback-bodies.js';
import type {
  ConsentChangeData,
  MessageAccepted,
  MessageBlocked,
  MessageDispatched,
  MessageFailed,
  MessageReceived,
  MessageReported,
  Trigger,
} from '../../domain/events/events.js';

// Frozen with the golden files: what is written here must give those bytes for ever.

const PROJECT = { projectId: 'p-1', appId: '01HQAPP0000000000000000001' } as const;
const MESSAGE = { ...PROJECT, messageId: '01HQMSG0000000000000000001' } as const;
const meta = {
  recordedAt: '2026-01-02T03:04:05.678Z',
  occurredAt: '2026-01-02T03:04:05.600Z',
  actor: { type: 'contact' },
} as const;
const base = { id: '5f1c2a6e-0f43-5c5e-9d1f-0a5b6c7d8e9f', version: 1, meta } as const;
const contact = {
  ...PROJECT,
  contactId: 'c'.repeat(32),
  appRevision: 0,
  state: { standing: {}, lastConsent: null, lastOptInReplyAt: null },
  channel: 'SMS',
  processingMode: 'DISPATCH',
  bodyVersion: 1,
} as const;
const received = {
  ...base,
  type: 'message-received',
  data: {
    ...contact,
    messageId: '01HQMSG0000000000000000009',
    provider: 'generic',
    providerMessageId: 'gw-1',
    matched: null,
  },
} as const;
const change: ConsentChangeData = {
  ...contact,
  requestId: '01HQREQ0000000000000000001',
  listType: 'OPT_OUT_MARKETING',
  language: 'EN',
  origin: 'ORIGIN_MO',
  moved: ['OPT_OUT_MARKETING'],
  previous: null,
  reply: null,
  notify: true,
};
const consentPersonal = { identity: '46700000001', sender: '46700000002' };

const accepted: MessageAccepted = {
  ...base,
  type: 'message-accepted',
  data: {
    ...MESSAGE,
    kind: 'MESSAGE',
    contentType: 'CONTENT_MARKETING',
    recipients: [
      { channel: 'WHATSAPP', contactId: 'c'.repeat(32) },
      { channel: 'SMS', contactId: 'd'.repeat(32) },
    ],
    cause: null,
    expiresAt: '2026-01-02T04:04:05.678Z',
    processingMode: 'DISPATCH',
    overrideEndpointId: null,
    requestHash: null,
    bodyVersion: 1,
  },
  personal: {
    identities: ['46700000001', '46700000003'],
    sender: '46700000002',
    message: { text_message: { text: 'Half price, "today" only: é 你 🙂' } },
    metadata: 'campaign-7',
    correlationId: 'order-99',
  },
};
const blocked: MessageBlocked = {
  ...base,
  type: 'message-blocked',
  data: {
    ...MESSAGE,
    listType: 'OPT_OUT_MARKETING',
    contentType: 'CONTENT_MARKETING',
    mode: 'PRIMARY',
    permit: { app: { stream: 'app-1', revision: 0 }, contacts: [] },
    decidedBy: base.id,
    recipientIndex: 1,
    notifyOptOut: true,
    bodyVersion: 1,
  },
};
const dispatched: MessageDispatched = {
  ...base,
  type: 'message-dispatched',
  data: { ...MESSAGE, attempt: 1, recipientIndex: 0, handedOverAt: meta.recordedAt, bodyVersion: 1 },
};
const failed: MessageFailed = {
  ...base,
  type: 'message-failed',
  data: {
    ...MESSAGE,
    attempt: 1,
    reason: 'DELIVERY_TIMED_OUT',
    description: 'No answer.',
    bodyVersion: 1,
  },
};
/** What the provider itself said stays inside: the body tells it by the code that SDKs know. */
const refusedByProvider: MessageFailed = {
  ...failed,
  data: {
    ...failed.data,
    reason: 'RECIPIENT_NOT_OPTED_IN',
    providerError: { provider: 'twilio', code: 21610, block: true },
  },
};
const restored: MessageFailed = {
  ...failed,
  data: { ...failed.data, reason: 'restored', description: 'The ledger was restored from a backup.' },
};
const reported = (
  status: MessageReported['data']['status'],
  reason: string | null = null,
): MessageReported => ({
  ...base,
  type: 'message-reported',
  data: { ...MESSAGE, status, reason, bodyVersion: 1 },
});
const inbound = (personal: NonNullable<MessageReceived['personal']>): MessageReceived => ({
  ...received,
  personal,
});

export interface BodyCase {
  readonly trigger: Trigger;
  readonly source: CallbackSource;
}

/** Name of the golden file → what it is the body of. */
export const BODY_CASES: Readonly<Record<string, BodyCase>> = {
  'message-inbound': {
    trigger: 'MESSAGE_INBOUND',
    source: {
      event: inbound({
        ...consentPersonal,
        text: 'Hej "du" \\ å/ä\n\u2028 你好 🙂 </script>',
        metadata: '{"carrier":"x"}',
      }),
    },
  },
  'message-inbound-without-text': {
    trigger: 'MESSAGE_INBOUND',
    source: { event: inbound(consentPersonal) },
  },
  'message-inbound-media': {
    trigger: 'MESSAGE_INBOUND',
    source: {
      event: inbound({
        ...consentPersonal,
        content: { media_message: { url: 'https://media.example/a.jpg' } },
      }),
    },
  },
  'opt-out': {
    trigger: 'OPT_OUT',
    source: { event: { ...base, type: 'opted-out', data: change, personal: consentPersonal } },
  },
  'opt-in': {
    trigger: 'OPT_IN',
    source: {
      event: {
        ...base,
        type: 'opted-in',
        data: { ...change, listType: 'OPT_OUT_ALL', processingMode: 'CONVERSATION' },
        personal: consentPersonal,
      },
    },
  },
  'opt-out-of-blocked': { trigger: 'OPT_OUT', source: { event: blocked, accepted } },
  'message-submit': { trigger: 'MESSAGE_SUBMIT', source: { event: dispatched, accepted } },
  'delivery-blocked': { trigger: 'MESSAGE_DELIVERY', source: { event: blocked, accepted } },
  'delivery-failed': { trigger: 'MESSAGE_DELIVERY', source: { event: failed, accepted } },
  'delivery-refused-by-provider': {
    trigger: 'MESSAGE_DELIVERY',
    source: { event: refusedByProvider, accepted },
  },
  'delivery-restored': { trigger: 'MESSAGE_DELIVERY', source: { event: restored, accepted } },
  'delivery-queued': {
    trigger: 'MESSAGE_DELIVERY',
    source: { event: reported('QUEUED_ON_CHANNEL'), accepted },
  },
  'delivery-delivered': { trigger: 'MESSAGE_DELIVERY', source: { event: reported('DELIVERED'), accepted } },
  'delivery-reported-failed': {
    trigger: 'MESSAGE_DELIVERY',
    source: { event: reported('FAILED', 'RECIPIENT_NOT_REACHABLE'), accepted },
  },
  'delivery-reported-failed-without-reason': {
    trigger: 'MESSAGE_DELIVERY',
    source: { event: reported('FAILED'), accepted },
  },
};

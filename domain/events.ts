import type { ContentType, Direction, ListType, Mode, Standing } from './lists.js';
import type { AppState, Language } from './settings.js';

/** Who caused an event. */
export type Actor =
  | { readonly type: 'contact' }
  | { readonly type: 'access-key'; readonly id: string }
  | { readonly type: 'provider'; readonly name: string }
  | { readonly type: 'system' };

export interface EventMeta {
  /** RFC 3339 UTC with ms; within a stream never before the previous event's. */
  readonly recordedAt: string;
  /** RFC 3339 UTC; when it happened, by the provider's clock where it gave one. */
  readonly occurredAt: string;
  readonly actor: Actor;
  readonly causationId?: string;
  readonly correlationId?: string;
}

interface EventOf<T extends string, D, P = never> {
  /** UUID, unique in the ledger; derived where the same fact can arrive twice. */
  readonly id: string;
  readonly type: T;
  readonly version: 1;
  readonly data: D;
  /** The only place for identities and texts. */
  readonly personal?: P;
  readonly meta: EventMeta;
}

/** A request carries this version so that its callback bodies stay byte-identical for ever. */
export type BodyVersion = 1;

// ── ledger-1, project-<id> ─────────────────────────────────────────────────────────────────────────────
export type LedgerCreated = EventOf<'ledger-created', { readonly ledgerId: string; readonly keyCheck: string }>;
export type ProjectCreated = EventOf<
  'project-created',
  { readonly projectId: string; readonly displayName: string }
>;
export type Scope = 'read' | 'send' | 'inbound' | 'admin';
export type AccessKeyCreated = EventOf<
  'access-key-created',
  {
    readonly projectId: string;
    readonly keyId: string;
    /** Hex SHA-256 of the secret, which has 256 random bits. */
    readonly secretHash: string;
    readonly scopes: readonly Scope[];
    readonly label: string;
  }
>;
export type AccessKeyRevoked = EventOf<
  'access-key-revoked',
  { readonly projectId: string; readonly keyId: string }
>;

// ── app-<id>: every event carries the whole resulting state ────────────────────────────────────────────
interface AppData {
  readonly state: AppState;
}
interface EndpointData extends AppData {
  readonly endpointId: string;
}
export type AppEvent =
  | EventOf<'app-created', AppData>
  | EventOf<'app-changed', AppData>
  | EventOf<'app-deleted', AppData>
  | EventOf<'consent-settings-changed', AppData>
  | EventOf<'channel-settings-changed', AppData>
  | EventOf<'endpoint-registered', EndpointData>
  | EventOf<'endpoint-changed', EndpointData>
  | EventOf<'endpoint-removed', EndpointData>
  | EventOf<'endpoint-disabled', EndpointData>
  | EventOf<'endpoint-enabled', EndpointData>;

// ── contact-<id>: every event carries the whole resulting state ────────────────────────────────────────
export interface ContactState {
  readonly standing: Standing;
  /** The last opted-out or opted-in event, changed or not: callbacks of one contact go in this order. */
  readonly lastConsent: { readonly eventId: string; readonly direction: Direction } | null;
  /** RFC 3339; opt-in replies go out at most once a minute. */
  readonly lastOptInReplyAt: string | null;
}
interface ContactData {
  readonly projectId: string;
  readonly appId: string;
  readonly contactId: string;
  /** Revision of the app stream under whose settings this was decided. */
  readonly appRevision: number;
  readonly state: ContactState;
}
/** What a text meant: the cell of the keyword table that it hit. */
export interface KeywordMatch {
  readonly listType: ListType;
  readonly direction: Direction;
  readonly language: Language;
}
export interface MessageReceivedData extends ContactData {
  /** Shown on the wire; a ULID. */
  readonly messageId: string;
  readonly provider: string;
  readonly providerMessageId: string;
  readonly channel: string;
  readonly processingMode: 'DISPATCH' | 'CONVERSATION';
  readonly matched: KeywordMatch | null;
  readonly bodyVersion: BodyVersion;
}
export type MessageReceived = EventOf<
  'message-received',
  MessageReceivedData,
  { readonly identity: string; readonly sender: string; readonly text?: string; readonly metadata?: string }
>;
/** A reply that is due because of a consent event; the message id derives from the event's. */
export interface DueReply {
  readonly kind: 'OPT_OUT' | 'OPT_IN';
  readonly messageId: string;
}
export interface ConsentChangeData extends ContactData {
  /** ULID, `request_id` of the callback. */
  readonly requestId: string;
  readonly listType: ListType;
  /** Null for a change by API. */
  readonly language: Language | null;
  readonly channel: string;
  readonly processingMode: 'DISPATCH' | 'CONVERSATION';
  readonly origin: 'ORIGIN_MO' | 'ORIGIN_API';
  /** The lists that really moved; empty when nothing changed. */
  readonly moved: readonly ListType[];
  /** The consent event before this one, whose callback goes first. */
  readonly previous: { readonly eventId: string; readonly direction: Direction } | null;
  readonly reply: DueReply | null;
  /** True when OPT_OUT / OPT_IN callbacks are due. */
  readonly notify: boolean;
  readonly bodyVersion: BodyVersion;
}
interface ConsentPersonal {
  readonly identity: string;
  /** The number that was written to: a reply leaves from it. Empty for a change by API. */
  readonly sender: string;
  /** The reply's text as it stood at the decision; absent when no reply is due. */
  readonly replyText?: string;
}
export type OptedOut = EventOf<'opted-out', ConsentChangeData, ConsentPersonal>;
export type OptedIn = EventOf<'opted-in', ConsentChangeData, ConsentPersonal>;
export type ContactEvent = MessageReceived | OptedOut | OptedIn;

// ── message-<ulid> ─────────────────────────────────────────────────────────────────────────────────────
/** A stream that a decision rests on, as it stood. */
export interface StreamAt {
  readonly stream: string;
  readonly revision: number;
}
/** Every stream that a permission to send rests on: the app and each recipient's contact (-1: no event yet). */
export interface Permit {
  readonly app: StreamAt;
  readonly contacts: readonly StreamAt[];
}
/** The consent event that a reply answers. */
export interface ReplyCause {
  readonly stream: string;
  readonly revision: number;
  readonly eventId: string;
  readonly kind: DueReply['kind'];
  readonly listType: ListType;
  /** RFC 3339, min(recordedAt, occurredAt) of the cause: a reply expires 5 minutes later. */
  readonly at: string;
}
export interface Recipient {
  readonly channel: string;
  readonly contactId: string;
}
export interface MessageAcceptedData {
  readonly projectId: string;
  readonly appId: string;
  readonly messageId: string;
  readonly kind: 'MESSAGE' | 'REPLY';
  readonly contentType: ContentType;
  readonly recipients: readonly Recipient[];
  /** Null except for replies. */
  readonly cause: ReplyCause | null;
  /** RFC 3339: no try begins after this. */
  readonly expiresAt: string;
  readonly processingMode: 'DISPATCH' | 'CONVERSATION';
  /** `override-<hmac>` when the send named its own callback_url. */
  readonly overrideEndpointId: string | null;
  /** HMAC of the request's body under an Idempotency-Key; null without one. */
  readonly requestHash: string | null;
  readonly bodyVersion: BodyVersion;
}
export type MessageAccepted = EventOf<
  'message-accepted',
  MessageAcceptedData,
  {
    readonly identities: readonly string[];
    readonly sender: string;
    /** AppMessage of the wire, e.g. `{text_message: {text}}`. */
    readonly message: Readonly<Record<string, unknown>>;
    readonly metadata: string;
    readonly correlationId: string;
    readonly callbackUrl?: string;
  }
>;
interface MessageData {
  readonly projectId: string;
  readonly appId: string;
  readonly messageId: string;
}
export type MessageHandingOver = EventOf<
  'message-handing-over',
  MessageData & { readonly attempt: number; readonly permit: Permit; readonly channelType: string }
>;
export type NotSentClass = 'stale' | 'busy' | 'refused-connection' | 'unavailable';
export type MessageNotSent = EventOf<
  'message-not-sent',
  MessageData & { readonly attempt: number; readonly class: NotSentClass; readonly retryAt: string | null }
>;
export type MessageBlocked = EventOf<
  'message-blocked',
  MessageData & {
    readonly listType: ListType;
    readonly contentType: ContentType;
    readonly mode: Mode;
    readonly permit: Permit;
    /** The consent event that put the contact on the list. */
    readonly decidedBy: string;
    /** The recipient that blocked; index into `recipients` and `identities` of message-accepted. */
    readonly recipientIndex: number;
    /** True when an OPT_OUT callback is due as well. */
    readonly notifyOptOut: boolean;
    readonly bodyVersion: BodyVersion;
  }
>;
export type MessageDispatched = EventOf<
  'message-dispatched',
  MessageData & {
    readonly attempt: number;
    readonly recipientIndex: number;
    /** RFC 3339 with ms, taken in the synchronous turn in which the call began. */
    readonly handedOverAt: string;
    readonly bodyVersion: BodyVersion;
  }
>;
/** Why a message ended without being handed over or without being taken. */
export type MessageFailedReason =
  | 'DELIVERY_TIMED_OUT'
  | 'MESSAGE_EXPIRED'
  | 'CHANNEL_REJECT'
  | 'CHANNEL_CONFIGURATION_MISSING'
  | 'CHANNEL_BAD_CONFIGURATION'
  | 'UNKNOWN_APP'
  | 'superseded'
  | 'expired';
export type MessageFailed = EventOf<
  'message-failed',
  MessageData & {
    readonly attempt: number;
    readonly reason: MessageFailedReason;
    readonly description: string;
    readonly bodyVersion: BodyVersion;
  }
>;
export type ReportStatus = 'QUEUED_ON_CHANNEL' | 'DELIVERED' | 'READ' | 'FAILED';
export type MessageReported = EventOf<
  'message-reported',
  MessageData & {
    readonly status: ReportStatus;
    /** `reason.code` of a FAILED receipt; null otherwise. */
    readonly reason: string | null;
    readonly bodyVersion: BodyVersion;
  }
>;
export type MessageEvent =
  | MessageAccepted
  | MessageHandingOver
  | MessageNotSent
  | MessageBlocked
  | MessageDispatched
  | MessageFailed
  | MessageReported;

// ── callback-<uuid> ────────────────────────────────────────────────────────────────────────────────────
/** Triggers that we fire; a webhook may register for any of the wire's. */
export const FIRED_TRIGGERS = [
  'MESSAGE_INBOUND',
  'OPT_IN',
  'OPT_OUT',
  'MESSAGE_SUBMIT',
  'MESSAGE_DELIVERY',
] as const;
export type Trigger = (typeof FIRED_TRIGGERS)[number];
export type AttemptClass = 'delivered' | 'transient' | 'misconfigured' | 'refused' | 'gone' | 'blocked';
export interface CallbackData {
  readonly projectId: string;
  readonly appId: string;
  readonly callbackId: string;
  readonly endpointId: string;
  readonly trigger: Trigger;
  /** The event that the callback tells. */
  readonly eventId: string;
}
export interface AttemptData extends CallbackData {
  /** 1 for the first request. */
  readonly attempt: number;
  readonly class: AttemptClass;
  /** HTTP status, null when none came. */
  readonly status: number | null;
  /** Short code of a fault below HTTP, e.g. `timeout`, `refused`, `dns`; null otherwise. */
  readonly fault: string | null;
  readonly durationMs: number;
}
interface AttemptPersonal {
  /** Address that was dialled. */
  readonly peer?: string;
  /** First bytes of the answer's body. */
  readonly excerpt?: string;
}
export type CallbackAttempted = EventOf<
  'callback-attempted',
  AttemptData & { readonly nextAttemptAt: string; readonly retryAfterMs: number | null },
  AttemptPersonal
>;
export type CallbackDelivered = EventOf<'callback-delivered', AttemptData, AttemptPersonal>;
export type ParkReason =
  | 'exhausted'
  | 'refused'
  | 'gone'
  | 'blocked'
  | 'endpoint-removed'
  | 'endpoint-disabled'
  | 'app-deleted';
export type CallbackParked = EventOf<
  'callback-parked',
  CallbackData & {
    /** Requests made; 0 when none was. */
    readonly attempts: number;
    readonly reason: ParkReason;
    /** The last try, null when no request was made for this parking. */
    readonly last: Omit<AttemptData, keyof CallbackData> | null;
  },
  AttemptPersonal
>;
export type CallbackEvent = CallbackAttempted | CallbackDelivered | CallbackParked;

export type LedgerEvent =
  | LedgerCreated
  | ProjectCreated
  | AccessKeyCreated
  | AccessKeyRevoked
  | AppEvent
  | ContactEvent
  | MessageEvent
  | CallbackEvent;
export type EventType = LedgerEvent['type'];

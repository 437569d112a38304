import type { DueReply, HelpReply } from './contact-events.js';
import type { BodyVersion, EventOf } from './event-base.js';
import type { ContentType, ListType, Mode } from '../lists.js';

// Stream `message-<ulid>`: one outbound message, replies included.

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
/** The event that a reply answers: a consent event, or the message that asked for help. */
export type ReplyCause = {
  readonly stream: string;
  readonly revision: number;
  readonly eventId: string;
  /** RFC 3339, min(recordedAt, occurredAt) of the cause: a reply expires 5 minutes later. */
  readonly at: string;
} & ({ readonly kind: DueReply['kind']; readonly listType: ListType } | { readonly kind: HelpReply['kind'] });
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
    /** What the provider calls the message, where it told. */
    readonly providerMessageId?: string;
    readonly bodyVersion: BodyVersion;
  }
>;
/** What a provider said of its refusal, in its own numbers. */
export interface ProviderError {
  readonly provider: string;
  readonly code: number;
  /** True: the provider's own list of people who opted out holds the recipient. Our lists do not change by it. */
  readonly block: boolean;
}
/** Why a message ended without being handed over or without being taken. */
export type MessageFailedReason =
  | 'DELIVERY_TIMED_OUT'
  | 'MESSAGE_EXPIRED'
  | 'CHANNEL_REJECT'
  | 'CHANNEL_CONFIGURATION_MISSING'
  | 'CHANNEL_BAD_CONFIGURATION'
  | 'RECIPIENT_NOT_OPTED_IN'
  | 'UNKNOWN_APP'
  | 'superseded'
  | 'expired'
  /** Owed by a ledger that came back from a backup: whether it went out since is not known. */
  | 'restored'
  /** The same of a reply. */
  | 'reply-restored';
export type MessageFailed = EventOf<
  'message-failed',
  MessageData & {
    readonly attempt: number;
    readonly reason: MessageFailedReason;
    readonly description: string;
    readonly providerError?: ProviderError;
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
    readonly providerError?: ProviderError;
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

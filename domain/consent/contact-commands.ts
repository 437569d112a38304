import type { Actor, ContactState } from '../events/events.js';
import type { InboundMessage } from './inbound-message.js';
import type { Direction, ListType } from '../lists.js';
import type { AppState } from '../settings.js';

/** Where a decision is made: the state read, and the place and rules that its events will have. */
export interface ContactContext {
  readonly state: ContactState;
  /** Revision that the first event will get; 0 for a new contact. */
  readonly nextRevision: number;
  /** RFC 3339 UTC with ms, not before the previous event's. */
  readonly recordedAt: string;
  readonly app: AppState;
  readonly appRevision: number;
}

/** An inbound message under its canonical identity. Its ids are derived by the caller, so that a redelivery repeats them. */
export interface InboundCommand extends InboundMessage {
  /** UUID of `message-received`. */
  readonly receivedEventId: string;
  /** UUID of the consent event, used where a keyword matches. */
  readonly consentEventId: string;
  /** ULIDs: of the inbound message, of the callback's `request_id`, of the reply. */
  readonly messageId: string;
  readonly requestId: string;
  readonly replyMessageId: string;
  readonly contactId: string;
}

/** A change that a customer's system makes. */
export interface ConsentChangeCommand {
  /** UUID of the event. */
  readonly eventId: string;
  /** ULID. */
  readonly requestId: string;
  readonly contactId: string;
  readonly channel: string;
  /** The address as it was read (see domain/identity). */
  readonly identity: string;
  /** The event that it follows from, where there is one. */
  readonly causationId?: string;
  /** Shared by the changes that one record of a batch came to. */
  readonly correlationId?: string;
  readonly listType: ListType;
  readonly direction: Direction;
  readonly actor: Actor;
  /** In words of the customer's. */
  readonly reason?: string;
  /** What shows that the person wants it; `obtainedAt` is RFC 3339 UTC with ms. */
  readonly evidence?: { readonly obtainedAt: string; readonly text: string };
}

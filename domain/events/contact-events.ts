import type { BodyVersion, EventOf } from './event-base.js';
import type { Direction, ListType, Standing } from '../lists.js';
import type { Language, SuspectedStops } from '../settings.js';
import type { SuspicionLanguage } from '../suspicion/suspicion.js';

// Stream `contact-<id>`: every event carries the whole resulting state.

/** An opt-out that came from the person, not from somebody's system. */
export interface OwnOptOut {
  readonly eventId: string;
  /** Of that event in the contact's stream. */
  readonly revision: number;
  /** RFC 3339 UTC with ms: when the person said so, as far as is known. */
  readonly at: string;
}

/** A suspected stop that marketing waits for. */
export interface HeldStop {
  /** Of the `message-received` that gave rise to it. */
  readonly eventId: string;
  readonly listType: ListType;
  /** RFC 3339 UTC with ms, `recordedAt` of that event. */
  readonly since: string;
}

export interface ContactState {
  readonly standing: Standing;
  /** For each list the last one, also where it moved nothing; absent in events from before this was kept. */
  readonly ownOptOuts?: Readonly<Partial<Record<ListType, OwnOptOut>>>;
  /** The last opted-out or opted-in event, changed or not: callbacks of one contact go in this order. */
  readonly lastConsent: { readonly eventId: string; readonly direction: Direction } | null;
  /** RFC 3339; opt-in replies go out at most once a minute. */
  readonly lastOptInReplyAt: string | null;
  /** The newest ones that nobody has decided, oldest first; absent where there is none. */
  readonly heldStops?: readonly HeldStop[];
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
/** What a text that is no keyword seems to ask for; the phrase that made us think so is personal. */
export interface SuspectedStop {
  readonly listType: ListType;
  readonly language: SuspicionLanguage;
  /** What the settings then in force made of it. */
  readonly treatment: SuspectedStops;
}
/** Words of a provider that keeps a list of its own (Twilio's `OptOutType`). */
export type ProviderOptOut = 'STOP' | 'START' | 'HELP';
/** A text that asks for help: no list moves. */
export interface HelpMatch {
  readonly direction: 'HELP';
  readonly language: Language;
}
/** A reply that is due because of a call for help; the message id derives from the event's. */
export interface HelpReply {
  readonly kind: 'HELP';
  readonly messageId: string;
}
export interface MessageReceivedData extends ContactData {
  /** Shown on the wire; a ULID. */
  readonly messageId: string;
  readonly provider: string;
  readonly providerMessageId: string;
  readonly channel: string;
  readonly processingMode: 'DISPATCH' | 'CONVERSATION';
  readonly matched: KeywordMatch | null;
  /** What the provider's own opt-out handling took the text for; it decides nothing here. */
  readonly providerOptOut?: ProviderOptOut;
  /** Set for what the customer's own people put into a conversation. */
  readonly injected?: true;
  /** Present when the text asked for help; its reply is null where the app sends none. */
  readonly help?: { readonly language: Language; readonly reply: HelpReply | null };
  /** Present when the text seems to ask to stop in a sentence. */
  readonly suspected?: SuspectedStop;
  readonly bodyVersion: BodyVersion;
}
export type MessageReceived = EventOf<
  'message-received',
  MessageReceivedData,
  {
    readonly identity: string;
    readonly sender: string;
    readonly text?: string;
    /** `contact_message` of the wire where it is no text, as the provider gave it. */
    readonly content?: Readonly<Record<string, unknown>>;
    readonly metadata?: string;
    /** The answer to a call for help, as it stood at the decision; absent when no reply is due. */
    readonly replyText?: string;
    /** The person's words that made us suspect a stop, as they were read; present with `suspected`. */
    readonly suspectedPhrase?: string;
  }
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
  /** Null for a change by API, and for a sentence in a language that has no keywords. */
  readonly language: Language | null;
  readonly channel: string;
  readonly processingMode: 'DISPATCH' | 'CONVERSATION';
  /** `ORIGIN_SUSPECTED`: the person said so in a sentence, and the app obeys those. */
  readonly origin: 'ORIGIN_MO' | 'ORIGIN_API' | 'ORIGIN_SUSPECTED';
  /** What a customer's system has to show for a change by API: when the person said so, RFC 3339 UTC with ms. */
  readonly evidence?: { readonly obtainedAt: string };
  /** The lists that really moved; empty when nothing changed. */
  readonly moved: readonly ListType[];
  /** Set for an opt-in that the person said before their own last opt-out of the list: it came late and moves nothing. */
  readonly late?: true;
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
  /** Why it was changed by API, in words of the customer's. */
  readonly reason?: string;
  /** What the person said, signed or clicked. */
  readonly evidenceText?: string;
}
export type OptedOut = EventOf<'opted-out', ConsentChangeData, ConsentPersonal>;
export type OptedIn = EventOf<'opted-in', ConsentChangeData, ConsentPersonal>;
export type ContactEvent = MessageReceived | OptedOut | OptedIn;

/** Somebody's decision over a suspected stop; a stop has its opt-out beside it. */
export type SuspicionDecided = EventOf<
  'suspicion-decided',
  Pick<ContactData, 'projectId' | 'appId' | 'contactId' | 'state'> & {
    /** Id of the `message-received` that was suspected. */
    readonly suspicionId: string;
    readonly listType: ListType;
    readonly decision: 'stop' | 'not_a_stop';
  }
>;
/** Whatever stands in a contact's stream. */
export type ContactStreamEvent = ContactEvent | SuspicionDecided;

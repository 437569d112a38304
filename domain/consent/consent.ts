import type { ConsentChangeCommand, ContactContext, InboundCommand } from './contact-commands.js';
import { applyConsent, applyMessage } from './contact-state.js';
import { listsMoved, listsMovedBy } from './moved-lists.js';
import type {
  BodyVersion,
  ConsentChangeData,
  ContactEvent,
  DueReply,
  EventMeta,
  MessageReceived,
  OptedIn,
  OptedOut,
} from '../events/events.js';
import { matcherOf, matchText } from './keywords.js';
import type { Direction, ListType } from '../lists.js';
import type { TextMeaning } from './keyword-table.js';
import { helpText, replyText } from './replies.js';
import { askedBy, suspectedIn } from './suspected-stop.js';
import type { AppState, Language } from '../settings.js';

export type { ConsentChangeCommand, ContactContext, InboundCommand } from './contact-commands.js';
export { EMPTY_CONTACT, evolveContact } from './contact-state.js';

const BODY_VERSION: BodyVersion = 1;
const OPT_IN_REPLY_EVERY_MS = 60_000;

/** What a call for help adds to its event. */
interface Help {
  readonly data: Pick<MessageReceived['data'], 'help'>;
  readonly personal: { readonly replyText?: string };
}
const NO_HELP: Help = { data: {}, personal: {} };

/** What one consent event says beyond what its context and contact say. */
interface Change {
  readonly eventId: string;
  readonly revision: number;
  readonly requestId: string;
  readonly contactId: string;
  readonly channel: string;
  readonly identity: string;
  readonly sender: string;
  readonly listType: ListType;
  readonly direction: Direction;
  readonly language: ConsentChangeData['language'];
  readonly origin: ConsentChangeData['origin'];
  readonly reason?: string;
  readonly evidence?: { readonly obtainedAt: string; readonly text: string };
  readonly moved: readonly ListType[];
  /** Set for an opt-in that was said before the person's own last opt-out of its list. */
  readonly late?: true;
  readonly reply: (DueReply & { readonly text: string }) | null;
  readonly notify: boolean;
  readonly meta: EventMeta;
}

function consentEvent(change: Change, ctx: ContactContext): OptedOut | OptedIn {
  const { eventId, revision, direction, listType, origin, moved, meta, reason, evidence } = change;
  const obtainedAt = evidence?.obtainedAt;
  const { recordedAt } = ctx;
  const reply = change.reply && { kind: change.reply.kind, messageId: change.reply.messageId };
  const data: ConsentChangeData = {
    projectId: ctx.app.projectId,
    appId: ctx.app.appId,
    contactId: change.contactId,
    appRevision: ctx.appRevision,
    requestId: change.requestId,
    listType,
    language: change.language,
    channel: change.channel,
    processingMode: ctx.app.processingMode,
    origin,
    moved,
    ...(change.late === undefined ? {} : { late: change.late }),
    previous: ctx.state.lastConsent,
    reply,
    notify: change.notify,
    ...(obtainedAt === undefined ? {} : { evidence: { obtainedAt } }),
    bodyVersion: BODY_VERSION,
    state: applyConsent(ctx.state, {
      ...{ eventId, revision, recordedAt, direction, listType, origin, obtainedAt, moved, reply },
      occurredAt: meta.occurredAt,
    }),
  };
  const type = direction === 'OPT_OUT' ? 'opted-out' : 'opted-in';
  const replyPart = change.reply === null ? {} : { replyText: change.reply.text };
  const personal = {
    ...{ identity: change.identity, sender: change.sender, ...replyPart },
    ...(reason === undefined ? {} : { reason }),
    ...(evidence === undefined ? {} : { evidenceText: evidence.text }),
  };
  return { id: eventId, type, version: 1, data, personal, meta };
}

/**
 * Whether a reply may be sent: an opt-out is confirmed once, when it changed something, an opt-in each time, but at most
 * once a minute for each contact, so that two machines that answer each other come to rest.
 */
function mayReply(direction: Direction, moved: readonly ListType[], ctx: ContactContext): boolean {
  if (direction === 'OPT_OUT') return moved.length > 0;
  const last = ctx.state.lastOptInReplyAt;
  return last === null || Date.parse(ctx.recordedAt) - Date.parse(last) >= OPT_IN_REPLY_EVERY_MS;
}

/** Takes the provider's time where it makes sense: it is never later than the record, and never before the epoch. */
function occurredAt(receivedAt: string | undefined, recordedAt: string): string {
  const at = Date.parse(receivedAt ?? recordedAt);
  // A leap second is a valid RFC 3339 time that Date.parse does not know.
  if (Number.isNaN(at) || at > Date.parse(recordedAt)) return recordedAt;
  return new Date(Math.max(at, 0)).toISOString();
}

/** Answers a call for help, each time and also for someone who opted out: they are the ones who need it. */
function helpReply(command: InboundCommand, language: Language, ctx: ContactContext): Help {
  const text = helpText(ctx.app.consent, language);
  if (text === '') return { data: { help: { language, reply: null } }, personal: {} };
  const reply = { kind: 'HELP', messageId: command.replyMessageId } as const;
  return { data: { help: { language, reply } }, personal: { replyText: text } };
}

function received(
  command: InboundCommand,
  meaning: TextMeaning | null,
  ctx: ContactContext,
): MessageReceived {
  const isHelp = meaning?.direction === 'HELP';
  const help = isHelp ? helpReply(command, meaning.language, ctx) : NO_HELP;
  const { recordedAt } = ctx;
  const suspicion = suspectedIn(ctx.app.consent, meaning, command.text);
  return {
    id: command.receivedEventId,
    type: 'message-received',
    version: 1,
    data: {
      projectId: ctx.app.projectId,
      appId: ctx.app.appId,
      contactId: command.contactId,
      appRevision: ctx.appRevision,
      messageId: command.messageId,
      provider: command.provider,
      providerMessageId: command.providerMessageId,
      channel: command.channel,
      processingMode: ctx.app.processingMode,
      ...(command.providerOptOut === undefined ? {} : { providerOptOut: command.providerOptOut }),
      ...(command.injected === true ? { injected: true } : {}),
      matched: isHelp ? null : meaning,
      ...help.data,
      ...suspicion.data,
      bodyVersion: BODY_VERSION,
      state: applyMessage(ctx.state, { eventId: command.receivedEventId, recordedAt, ...suspicion.data }),
    },
    personal: {
      identity: command.identity,
      sender: command.sender,
      ...(command.text === undefined ? {} : { text: command.text }),
      ...(command.content === undefined ? {} : { content: command.content }),
      ...(command.metadata === undefined ? {} : { metadata: command.metadata }),
      ...help.personal,
      ...suspicion.personal,
    },
    meta: {
      recordedAt,
      occurredAt: occurredAt(command.receivedAt, recordedAt),
      actor: { type: 'provider', name: command.provider },
    },
  };
}

/** Finds what a text means. What the customer's own people put in opts nobody in and asks for no help; a stop counts. */
function meaningOf({ text, injected }: InboundCommand, settings: AppState['consent']): TextMeaning | null {
  const meaning = matchText(matcherOf(settings), text);
  return injected === true && meaning?.direction !== 'OPT_OUT' ? null : meaning;
}

/**
 * Records an inbound message and, where its whole text is a keyword or a sentence that the app obeys, what that changes or
 * asks. Both events belong into one append. While consent management is off, no text is read and the lists stand still.
 */
export function decideInbound(command: InboundCommand, ctx: ContactContext): ContactEvent[] {
  const settings = ctx.app.consent;
  const meaning = settings.enabled ? meaningOf(command, settings) : null;
  const message = received(command, meaning, ctx);
  const { matched, suspected } = message.data;
  const asked = askedBy(matched, suspected, settings);
  if (asked === null) return [message];

  const { match, language, origin } = asked;
  const { direction } = match;
  const { moved, late } = listsMovedBy(match, message.meta.occurredAt, ctx);
  const text = late !== true && mayReply(direction, moved, ctx) ? replyText(settings, match) : '';
  const change: Change = {
    ...match,
    ...{ language, origin },
    eventId: command.consentEventId,
    revision: ctx.nextRevision + 1,
    requestId: command.requestId,
    contactId: command.contactId,
    channel: command.channel,
    identity: command.identity,
    sender: command.sender,
    moved,
    ...(late === undefined ? {} : { late }),
    reply: text === '' ? null : { kind: direction, messageId: command.replyMessageId, text },
    // Whoever hears of an opt-in sends again.
    notify: late === undefined,
    meta: {
      ...message.meta,
      actor: { type: 'contact' },
      causationId: message.id,
      correlationId: message.id,
    },
  };
  return [message, consentEvent(change, ctx)];
}

/**
 * Records a change by API, also when it changes nothing. It sends no reply, since the person asked for none here,
 * and it is recorded while consent management is off too: an acknowledged opt-out is never lost.
 */
export function decideConsentChange(
  command: ConsentChangeCommand,
  ctx: ContactContext,
): [OptedOut | OptedIn] {
  const { listType, direction, evidence } = command;
  // Evidence that a fast clock dated into the future would be newer than an opt-out that is yet to come.
  const obtainedAt = occurredAt(evidence?.obtainedAt, ctx.recordedAt);
  const change: Change = {
    ...command,
    ...(evidence === undefined ? {} : { evidence: { ...evidence, obtainedAt } }),
    revision: ctx.nextRevision,
    sender: '',
    language: null,
    origin: 'ORIGIN_API',
    moved: listsMoved(ctx.state, [listType], direction),
    reply: null,
    notify: ctx.app.consent.callbackOnApi,
    meta: {
      ...{ recordedAt: ctx.recordedAt, occurredAt: obtainedAt, actor: command.actor },
      ...(command.causationId === undefined ? {} : { causationId: command.causationId }),
      ...(command.correlationId === undefined ? {} : { correlationId: command.correlationId }),
    },
  };
  return [consentEvent(change, ctx)];
}

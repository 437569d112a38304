import type {
  Actor,
  ContactStreamEvent,
  MessageReceived,
  OptedIn,
  OptedOut,
  SuspicionDecided,
} from '../events/events.js';
import type { ContactContext } from './contact-commands.js';
import { decideConsentChange } from './consent.js';
import { withoutHeld } from './held-stops.js';

/** A message in which a stop was heard. */
export type SuspectedMessage = MessageReceived & {
  readonly data: { readonly suspected: NonNullable<MessageReceived['data']['suspected']> };
};

/** What somebody may decide over a suspected stop. */
export const DECISIONS = ['stop', 'not_a_stop'] as const;
export type Decision = (typeof DECISIONS)[number];

/** How a suspected stop was settled, in an event that stands in the contact's stream. */
export interface Settled {
  /** `obeyed` at once by the app's setting; `overtaken` by a keyword of the person's own. */
  readonly as: Decision | 'obeyed' | 'overtaken';
  readonly eventId: string;
}

export function isSuspected(event: ContactStreamEvent): event is SuspectedMessage {
  return event.type === 'message-received' && event.data.suspected !== undefined;
}

/** Whether an event settles every suspected stop before it: a keyword is the person's own and clearer word. */
export function overtakes(event: ContactStreamEvent): event is OptedOut | OptedIn {
  return (event.type === 'opted-out' || event.type === 'opted-in') && event.data.origin === 'ORIGIN_MO';
}

/** Finds what settled a suspected stop among the events after it, oldest first; null while it is open. */
export function settledBy(message: SuspectedMessage, after: readonly ContactStreamEvent[]): Settled | null {
  if (message.data.suspected.treatment === 'obey') return { as: 'obeyed', eventId: message.id };
  for (const event of after) {
    if (event.type === 'suspicion-decided' && event.data.suspicionId === message.id) {
      return { as: event.data.decision, eventId: event.id };
    }
    if (overtakes(event)) return { as: 'overtaken', eventId: event.id };
  }
  return null;
}

/** Somebody's decision over one suspected stop; ids derive from it, so that a repeat repeats them. */
export interface DecisionCommand {
  readonly message: SuspectedMessage;
  readonly decision: Decision;
  readonly actor: Actor;
  /** UUIDs, and a ULID. */
  readonly decidedEventId: string;
  readonly consentEventId: string;
  readonly requestId: string;
}

/** A stop opts the person out by what they wrote, as by API; anything else only ends the waiting. */
export function decideSuspicion(
  { message, decision, actor, decidedEventId, consentEventId, requestId }: DecisionCommand,
  ctx: ContactContext,
): [SuspicionDecided] | [SuspicionDecided, OptedOut | OptedIn] {
  const { projectId, appId, contactId, channel, suspected } = message.data;
  const { listType } = suspected;
  const state = withoutHeld(ctx.state, message.id);
  const decided: SuspicionDecided = {
    id: decidedEventId,
    type: 'suspicion-decided',
    version: 1,
    data: { projectId, appId, contactId, suspicionId: message.id, listType, decision, state },
    meta: { recordedAt: ctx.recordedAt, occurredAt: ctx.recordedAt, actor, causationId: message.id },
  };
  if (decision === 'not_a_stop') return [decided];
  const [optedOut] = decideConsentChange(
    {
      ...{ eventId: consentEventId, requestId, contactId, channel, listType, direction: 'OPT_OUT', actor },
      identity: message.personal?.identity ?? '',
      causationId: message.id,
      // What the person wrote shows when they asked, so no older word of somebody's system takes it back.
      evidence: { obtainedAt: message.meta.occurredAt, text: evidenceOf(message) },
    },
    { ...ctx, state, nextRevision: ctx.nextRevision + 1 },
  );
  return [decided, optedOut];
}

function evidenceOf({ personal }: SuspectedMessage): string {
  return personal?.text ?? personal?.suspectedPhrase ?? 'a message';
}

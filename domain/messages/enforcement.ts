import type { ContentType, ListType, Mode, Standing } from '../lists.js';

/** What a decision about one message rests on. */
export interface SendFacts {
  /** Whether the app's consent management is switched on. */
  readonly enabled: boolean;
  readonly mode: Mode;
  readonly kind: 'MESSAGE' | 'REPLY';
  readonly contentType: ContentType;
  /** One for each recipient identity, in the message's order. */
  readonly standings: readonly Standing[];
}

export type SendDecision =
  | { readonly allow: true }
  | {
      readonly allow: false;
      /** The list that blocks; OPT_OUT_ALL where it and another one do. */
      readonly listType: ListType;
      /** The first recipient that blocks. */
      readonly recipientIndex: number;
      /** Id of the event that put that recipient on the list. */
      readonly decidedBy: string;
    };

/** The lists that block a content type, by the Sinch Conversation API: a message without a type heeds OPT_OUT_ALL only. */
const BLOCKED_BY: Readonly<Record<ContentType, readonly ListType[]>> = {
  CONTENT_MARKETING: ['OPT_OUT_ALL', 'OPT_OUT_MARKETING'],
  CONTENT_NOTIFICATION: ['OPT_OUT_ALL', 'OPT_OUT_NOTIFICATION'],
  CONTENT_UNKNOWN: ['OPT_OUT_ALL'],
};

/** Whether being on a list blocks a content type. */
export function blocks(listType: ListType, contentType: ContentType): boolean {
  return BLOCKED_BY[contentType].includes(listType);
}

/**
 * Whether a message may leave. Replies always may: they answer the person's own message. A message to several
 * recipients is blocked whole if one of them is.
 */
export function decideSend(facts: SendFacts): SendDecision {
  if (!facts.enabled || facts.mode === 'SECONDARY' || facts.kind === 'REPLY') return { allow: true };
  for (const [recipientIndex, standing] of facts.standings.entries()) {
    for (const listType of BLOCKED_BY[facts.contentType]) {
      const on = standing[listType];
      if (on?.optedOut) return { allow: false, listType, recipientIndex, decidedBy: on.eventId };
    }
  }
  return { allow: true };
}

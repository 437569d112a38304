/** The three opt-out lists of the Sinch Conversation API. */
export const LIST_TYPES = ['OPT_OUT_ALL', 'OPT_OUT_MARKETING', 'OPT_OUT_NOTIFICATION'] as const;
export type ListType = (typeof LIST_TYPES)[number];

/** Which way a keyword or an API call moves a contact. */
export type Direction = 'OPT_OUT' | 'OPT_IN';

/** `message_content_type` of a send; an absent one is `CONTENT_UNKNOWN`. */
export const CONTENT_TYPES = ['CONTENT_UNKNOWN', 'CONTENT_MARKETING', 'CONTENT_NOTIFICATION'] as const;
export type ContentType = (typeof CONTENT_TYPES)[number];

/** PRIMARY blocks messages to people who opted out, SECONDARY only tells. */
export const MODES = ['PRIMARY', 'SECONDARY'] as const;
export type Mode = (typeof MODES)[number];

/** Where a contact stands on one list, and the event that last moved it there. */
export interface ListStanding {
  readonly optedOut: boolean;
  readonly eventId: string;
  /** Revision of that event in the contact's stream. */
  readonly revision: number;
  /** RFC 3339, `recordedAt` of that event. */
  readonly at: string;
}

/** A list that never moved is absent: the contact is not on it. */
export type Standing = Readonly<Partial<Record<ListType, ListStanding>>>;

/** True when the contact is on the list. */
export function isOptedOut(standing: Standing, list: ListType): boolean {
  return standing[list]?.optedOut ?? false;
}

import type { Trigger } from './events/events.js';

/** A callback that has not ended. Ids only: it travels through workflow histories. */
export interface OwedCallback {
  /** uuid v5 of (event id, trigger, endpoint id). */
  readonly callbackId: string;
  readonly projectId: string;
  readonly appId: string;
  readonly endpointId: string;
  readonly trigger: Trigger;
  /** Stream and revision of the event that the callback tells. */
  readonly stream: string;
  readonly revision: number;
  /**
   * The callback of the same contact's consent event before this one at the same endpoint, which goes first;
   * `at` (RFC 3339) is when that event was recorded: after 5 minutes nobody waits for it any longer.
   */
  readonly after: { readonly callbackId: string; readonly at: string } | null;
  /** True where its own stream had events already when this was read. */
  readonly known?: true;
}

/** A message or reply that has not ended. */
export interface OwedMessage {
  readonly messageId: string;
  readonly projectId: string;
  readonly appId: string;
  /** Null for a send; for a reply the contact's event that it answers. */
  readonly cause: { readonly stream: string; readonly revision: number } | null;
}

/** What owes something: a message, or a callback. */
export interface OwedItems {
  readonly messages: OwedMessage;
  readonly callbacks: OwedCallback;
}
export const OWED_KINDS = ['messages', 'callbacks'] as const;
export type OwedKind = (typeof OWED_KINDS)[number];
export type OwedItem = OwedItems[OwedKind];

/**
 * Lines in which first tries wait, in the order in which capacity goes to them: what answers a person or tells of a
 * person's word, then sends, then what merely reports. None waits behind another (docs/adr/021).
 */
export const LANES = ['replies', 'consents', 'messages', 'callbacks'] as const;
export type Lane = (typeof LANES)[number];

export const KIND_OF_LANE = {
  replies: 'messages',
  consents: 'callbacks',
  messages: 'messages',
  callbacks: 'callbacks',
} as const satisfies Readonly<Record<Lane, OwedKind>>;

/** The line of an item. */
export function laneOf(item: Pick<OwedMessage, 'cause'> | Pick<OwedCallback, 'trigger'>): Lane {
  if ('cause' in item) return item.cause === null ? 'messages' : 'replies';
  return item.trigger === 'OPT_IN' || item.trigger === 'OPT_OUT' ? 'consents' : 'callbacks';
}

/** Id of the message or the callback. */
export function idOf(item: OwedItem): string {
  return 'messageId' in item ? item.messageId : item.callbackId;
}

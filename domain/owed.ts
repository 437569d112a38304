import type { Trigger } from './events/events.js';

/** A callback that has not ended. It holds ids only, because it travels through workflow histories. */
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

/** The kinds of owed work; one never waits for the other. */
export const LANES = ['messages', 'callbacks'] as const;
export type Lane = (typeof LANES)[number];

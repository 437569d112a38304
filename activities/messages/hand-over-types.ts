import type {
  HeldStop,
  MessageFailedReason,
  NotSentClass,
  Permit,
  ReplyCause,
  StreamAt,
} from '../../domain/events/events.js';
import type { ContentType, ListType, Mode, Standing } from '../../domain/lists.js';
import type { MessageRules } from '../../domain/messages/message-verdict.js';
import type { OwedMessage } from '../../domain/owed.js';

// These values travel between the workflows and the activities of messages, and so they stand in Temporal's histories. They
// hold ids, revisions and standings, but no identity and no text.

/** What one app contributes to the decisions over its messages. */
export interface AppFacts {
  readonly at: StreamAt;
  readonly rules: MessageRules;
  /** True when a block also fires an OPT_OUT callback. */
  readonly notifyOptOut: boolean;
  /** True when the app's channel honours an idempotency key. */
  readonly idempotent: boolean;
}

/** A message that has not ended, as the ledger shows it. */
export interface OpenMessage {
  readonly status: 'open';
  readonly item: OwedMessage;
  /** Last revision of the message's stream; -1 for a reply that was never tried. */
  readonly revision: number;
  readonly phase: 'new' | 'handing-over' | 'waiting';
  /** How many attempts were made. */
  readonly attempt: number;
  /** In phase `waiting` no try is made before this, RFC 3339. */
  readonly retryAt: string | null;
  /** In phase `handing-over` the newest intent was recorded then, RFC 3339. */
  readonly handingOverSince: string | null;
  /** Intents in a row without any outcome, the newest included. */
  readonly unresolved: number;
  readonly kind: 'MESSAGE' | 'REPLY';
  readonly contentType: ContentType;
  readonly expiresAt: string;
  readonly cause: ReplyCause | null;
  readonly contacts: readonly {
    readonly at: StreamAt;
    readonly standing: Standing;
    /** Absent where there are none, and in histories from before they were asked for. */
    readonly heldStops?: readonly HeldStop[];
  }[];
  /** True when the app has no credentials for the message's channel; absent in histories from before it was asked. */
  readonly channelMissing?: boolean;
}

export type MessageEnd = 'dispatched' | 'blocked' | 'failed';

export type MessageFacts =
  | OpenMessage
  | { readonly status: 'ended'; readonly item: OwedMessage; readonly as: MessageEnd }
  /** The message could not be read; `code` names the fault. */
  | { readonly status: 'faulted'; readonly item: OwedMessage; readonly code: string };

/** Messages as they were read at one moment; `now` is that moment in ms since the epoch. */
export interface ReadMessages {
  readonly now: number;
  readonly apps: Readonly<Record<string, AppFacts>>;
  readonly messages: readonly MessageFacts[];
}

interface PlanBase {
  readonly item: OwedMessage;
  /** Revision of the message's stream that the plan rests on; -1 where there was no event. */
  readonly revision: number;
  /** Number of the attempt that is to be made, or of the last one when none is. */
  readonly attempt: number;
  readonly permit: Permit;
}
/** What a workflow decided over one message. */
export type MessagePlan =
  | (PlanBase & { readonly action: 'hand-over' })
  | (PlanBase & {
      readonly action: 'block';
      readonly listType: ListType;
      readonly recipientIndex: number;
      readonly decidedBy: string;
      readonly mode: Mode;
      readonly notifyOptOut: boolean;
    })
  | (PlanBase & { readonly action: 'fail'; readonly reason: MessageFailedReason });

/** What became of a plan. */
export type MessageResult =
  | { readonly messageId: string; readonly state: 'ended'; readonly as: MessageEnd }
  /** It was not taken, or nobody knows; the workflow looks again after `waitMs`. */
  | {
      readonly messageId: string;
      readonly state: 'waiting';
      readonly attempt: number;
      readonly why: Exclude<NotSentClass, 'stale'> | 'unknown';
      readonly waitMs: number;
      /** RFC 3339, for the operator. */
      readonly until: string;
    }
  /** The call still runs in this process and will be recorded. */
  | { readonly messageId: string; readonly state: 'running' }
  /** Something moved, so the workflow reads and decides anew. */
  | { readonly messageId: string; readonly state: 'again'; readonly why: 'stale' | 'conflict' | 'withdrawn' }
  | { readonly messageId: string; readonly state: 'faulted'; readonly code: string };

import type { EventOf } from './event-base.js';

// Stream `callback-<uuid>`: one event for one endpoint.

/** Triggers that we fire; a webhook may register for any of the wire's. */
export const FIRED_TRIGGERS = [
  'MESSAGE_INBOUND',
  'OPT_IN',
  'OPT_OUT',
  'MESSAGE_SUBMIT',
  'MESSAGE_DELIVERY',
] as const;
export type Trigger = (typeof FIRED_TRIGGERS)[number];
export type AttemptClass = 'delivered' | 'transient' | 'misconfigured' | 'refused' | 'gone' | 'blocked';
export interface CallbackData {
  readonly projectId: string;
  readonly appId: string;
  readonly callbackId: string;
  readonly endpointId: string;
  readonly trigger: Trigger;
  /** The event that the callback tells. */
  readonly eventId: string;
}
export interface AttemptData extends CallbackData {
  /** 1 for the first request. */
  readonly attempt: number;
  readonly class: AttemptClass;
  /** HTTP status, null when none came. */
  readonly status: number | null;
  /** Short code of a fault below HTTP, e.g. `timeout`, `refused`, `dns`; null otherwise. */
  readonly fault: string | null;
  readonly durationMs: number;
}
interface AttemptPersonal {
  /** Address that was dialled. */
  readonly peer?: string;
  /** First bytes of the answer's body. */
  readonly excerpt?: string;
}
export type CallbackAttempted = EventOf<
  'callback-attempted',
  AttemptData & { readonly nextAttemptAt: string; readonly retryAfterMs: number | null },
  AttemptPersonal
>;
export type CallbackDelivered = EventOf<'callback-delivered', AttemptData, AttemptPersonal>;
export type ParkReason =
  | 'exhausted'
  | 'refused'
  | 'gone'
  | 'blocked'
  | 'endpoint-removed'
  | 'endpoint-disabled'
  | 'app-deleted'
  /** Owed by a ledger that came back from a backup: whether it was delivered since is not known. */
  | 'restored';
export type CallbackParked = EventOf<
  'callback-parked',
  CallbackData & {
    /** Requests made; 0 when none was. */
    readonly attempts: number;
    readonly reason: ParkReason;
    /** The last try, null when no request was made for this parking. */
    readonly last: Omit<AttemptData, keyof CallbackData> | null;
  },
  AttemptPersonal
>;
/** What became of a callback. */
export type CallbackOutcome = CallbackAttempted | CallbackDelivered | CallbackParked;
/** Its actor asked for a request now: the callback waits again, due at once, also one that was parked. */
export type CallbackRetryRequested = EventOf<'callback-retry-requested', CallbackData>;
export type CallbackEvent = CallbackOutcome | CallbackRetryRequested;

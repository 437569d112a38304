import type { LedgerEvent, ReportStatus } from '../events/events.js';

/** Says how far an outbound message has come; `blocked`, `dispatched` and `failed` are ends. */
export interface MessageProgress {
  readonly state: 'none' | 'accepted' | 'handing-over' | 'waiting' | 'blocked' | 'dispatched' | 'failed';
  /** Number of the last intent; 0 when none was recorded. */
  readonly attempt: number;
  /** Revision of the last event folded; -1 for an empty stream. */
  readonly revision: number;
  /** RFC 3339 in state `waiting`: no try before this. Null when the channel named no time. */
  readonly retryAt: string | null;
  /** RFC 3339 in state `handing-over`: when the intent was recorded. */
  readonly handingOverSince: string | null;
  /** True when a receipt came after the last intent and before any outcome of it. */
  readonly reportedAfterIntent: boolean;
}

/** A place in a message's stream. */
interface MessageAt {
  readonly revision: number;
  readonly event: LedgerEvent;
}

/** The progress of a message whose stream has no events. */
export const NO_MESSAGE: MessageProgress = {
  state: 'none',
  attempt: 0,
  revision: -1,
  retryAt: null,
  handingOverSince: null,
  reportedAfterIntent: false,
};

const ENDS: ReadonlySet<MessageProgress['state']> = new Set(['blocked', 'dispatched', 'failed']);

/** Whether nothing more is to be done for the message. */
export function hasEnded({ state }: Pick<MessageProgress, 'state'>): boolean {
  return ENDS.has(state);
}

/** Whether a receipt proves that the channel took the message, whatever we recorded of the call. */
export function provesHandOver(status: ReportStatus): boolean {
  return status === 'DELIVERED' || status === 'READ';
}

/** Folds a message's whole stream. */
export function foldMessage(events: readonly MessageAt[]): MessageProgress {
  return events.reduce(evolveMessage, NO_MESSAGE);
}

/** Folds one more event; the first end stays. */
export function evolveMessage(progress: MessageProgress, { revision, event }: MessageAt): MessageProgress {
  if (hasEnded(progress)) return { ...progress, revision };
  const at = { ...progress, revision };
  switch (event.type) {
    case 'message-accepted':
      return { ...at, state: 'accepted' };
    case 'message-handing-over': {
      const { attempt } = event.data;
      const handingOverSince = event.meta.recordedAt;
      return {
        ...at,
        state: 'handing-over',
        attempt,
        retryAt: null,
        handingOverSince,
        reportedAfterIntent: false,
      };
    }
    case 'message-not-sent':
      return { ...at, state: 'waiting', retryAt: event.data.retryAt, handingOverSince: null };
    case 'message-blocked':
      return end(at, 'blocked');
    case 'message-dispatched':
      return end(at, 'dispatched');
    case 'message-failed':
      return end(at, 'failed');
    case 'message-reported':
      return reported(at, event.data.status);
    default:
      return at;
  }
}

function end(progress: MessageProgress, state: 'blocked' | 'dispatched' | 'failed'): MessageProgress {
  return { ...progress, state, retryAt: null, handingOverSince: null };
}

function reported(progress: MessageProgress, status: ReportStatus): MessageProgress {
  const after = { ...progress, reportedAfterIntent: progress.state === 'handing-over' };
  return progress.attempt > 0 && provesHandOver(status) ? end(after, 'dispatched') : after;
}

import { decideSend } from './enforcement.js';
import { heldBack } from './holding.js';
import type { HeldStop, MessageFailedReason, ReplyCause } from '../events/events.js';
import type { ContentType, ListType, Mode, Standing } from '../lists.js';
import { judgeReply } from '../consent/reply-rules.js';

/** The settings of an app that decide over its messages. */
export interface MessageRules {
  readonly deleted: boolean;
  readonly enabled: boolean;
  readonly mode: Mode;
  readonly startClearsAll: boolean;
  /** False where nothing is configured that could hand a message over. */
  readonly hasChannel: boolean;
}

export interface MessageQuestion {
  readonly kind: 'MESSAGE' | 'REPLY';
  readonly contentType: ContentType;
  /** RFC 3339. */
  readonly expiresAt: string;
  /** What a reply answers; null for a send. */
  readonly cause: ReplyCause | null;
  readonly rules: MessageRules;
  /** One for each recipient; a reply has one recipient. */
  readonly standings: readonly Standing[];
  /** Suspected stops of all recipients that nobody has decided. */
  readonly heldStops?: readonly HeldStop[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export type MessageVerdict =
  | { readonly verdict: 'hand-over' }
  /** It waits for somebody's decision, until this at the latest: milliseconds since the epoch. */
  | { readonly verdict: 'hold'; readonly until: number }
  | {
      readonly verdict: 'block';
      readonly listType: ListType;
      readonly recipientIndex: number;
      readonly decidedBy: string;
    }
  | { readonly verdict: 'fail'; readonly reason: MessageFailedReason };

const fail = (reason: MessageFailedReason): MessageVerdict => ({ verdict: 'fail', reason });

/**
 * Decides what is to become of a message that has not ended, by what stands now. It is asked twice: by the workflow that
 * plans the hand-over, and by the hand-over itself in its last moment.
 */
export function judgeMessage(question: MessageQuestion): MessageVerdict {
  const { kind, contentType, cause, rules, standings, heldStops = [], now } = question;
  if (rules.deleted) return fail('UNKNOWN_APP');
  if (cause !== null) {
    const { startClearsAll } = rules;
    const reply = judgeReply({ cause, standing: standings[0] ?? {}, startClearsAll, now });
    if (reply !== 'due') return fail(reply);
  }
  const facts = { enabled: rules.enabled, mode: rules.mode, kind, contentType };
  const decision = decideSend({ ...facts, standings });
  if (!decision.allow) {
    const { listType, recipientIndex, decidedBy } = decision;
    return { verdict: 'block', listType, recipientIndex, decidedBy };
  }
  if (now >= Date.parse(question.expiresAt)) return fail('MESSAGE_EXPIRED');
  if (!rules.hasChannel) return fail('CHANNEL_CONFIGURATION_MISSING');
  const hold = heldBack({ ...facts, heldStops, now });
  return hold === null ? { verdict: 'hand-over' } : { verdict: 'hold', until: hold.until };
}

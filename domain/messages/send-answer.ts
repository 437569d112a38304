import { decideSend, type SendFacts } from './enforcement.js';
import { heldBack, type HoldFacts } from './holding.js';
import type { ListType } from '../lists.js';

/**
 * Reasons why a message to somebody may leave or not; RECIPIENT_NOT_OPTED_IN is the wire's own word in a delivery report. With
 * SUSPECTED_STOP it waits.
 */
export const SEND_REASONS = [
  'NO_OPT_OUT',
  'SECONDARY_MODE',
  'CONSENT_DISABLED',
  'RECIPIENT_NOT_OPTED_IN',
  'SUSPECTED_STOP',
] as const;
type SendReason = (typeof SEND_REASONS)[number];

export interface SendAnswer {
  readonly allowed: boolean;
  readonly reason: SendReason;
  /** The opt-out that covers this content type, also where it does not block, or the suspected one; null without any. */
  readonly optOut: { readonly listType: ListType; readonly decidedBy: string } | null;
}

/** Gives the answer of {@link decideSend} for one message, with its reason. */
export function explainSend(
  facts: Omit<SendFacts, 'kind'> & Pick<HoldFacts, 'heldStops' | 'now'>,
): SendAnswer {
  const question = { ...facts, kind: 'MESSAGE' } as const;
  const allowed = decideSend(question).allow;
  const strictly = decideSend({ ...question, enabled: true, mode: 'PRIMARY' });
  if (strictly.allow) {
    const hold = heldBack(question);
    if (hold === null) return { allowed, reason: 'NO_OPT_OUT', optOut: null };
    const { listType, eventId } = hold.by;
    return { allowed: false, reason: 'SUSPECTED_STOP', optOut: { listType, decidedBy: eventId } };
  }
  const { listType, decidedBy } = strictly;
  const off = facts.enabled ? 'SECONDARY_MODE' : 'CONSENT_DISABLED';
  return {
    allowed,
    reason: allowed ? off : 'RECIPIENT_NOT_OPTED_IN',
    optOut: { listType, decidedBy },
  };
}

import { decideSend, type SendFacts } from './enforcement.js';
import type { ListType } from '../lists.js';

/** Reasons why a message to somebody may leave or not; the last one is the wire's own word in a delivery report. */
export const SEND_REASONS = [
  'NO_OPT_OUT',
  'SECONDARY_MODE',
  'CONSENT_DISABLED',
  'RECIPIENT_NOT_OPTED_IN',
] as const;
type SendReason = (typeof SEND_REASONS)[number];

export interface SendAnswer {
  readonly allowed: boolean;
  readonly reason: SendReason;
  /** The opt-out that covers this content type, also where it does not block; null without one. */
  readonly optOut: { readonly listType: ListType; readonly decidedBy: string } | null;
}

/** Gives the answer of {@link decideSend} for one message, with its reason. */
export function explainSend(facts: Omit<SendFacts, 'kind'>): SendAnswer {
  const question = { ...facts, kind: 'MESSAGE' } as const;
  const allowed = decideSend(question).allow;
  const strictly = decideSend({ ...question, enabled: true, mode: 'PRIMARY' });
  if (strictly.allow) return { allowed, reason: 'NO_OPT_OUT', optOut: null };
  const { listType, decidedBy } = strictly;
  const off = facts.enabled ? 'SECONDARY_MODE' : 'CONSENT_DISABLED';
  return {
    allowed,
    reason: allowed ? off : 'RECIPIENT_NOT_OPTED_IN',
    optOut: { listType, decidedBy },
  };
}

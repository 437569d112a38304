import type { ContactEvent, DueReply, HelpReply, ReplyCause } from '../events/events.js';
import { LIST_TYPES, type Standing } from '../lists.js';

/** A reply that is later than this after its cause says nothing that the person still expects. */
export const REPLY_LIFETIME_MS = 5 * 60_000;

export type ReplyVerdict = 'due' | 'superseded' | 'expired';

/** Finds the reply that an event of a contact owes; null when it owes none. */
export function dueReplyOf(event: ContactEvent): DueReply | HelpReply | null {
  return event.type === 'message-received' ? (event.data.help?.reply ?? null) : event.data.reply;
}

/** Says what a reply answers, from the event at its place; null when that event owes no reply. */
export function replyCauseOf(recorded: {
  readonly stream: string;
  readonly revision: number;
  readonly event: ContactEvent;
}): ReplyCause | null {
  const { stream, revision, event } = recorded;
  const { recordedAt, occurredAt } = event.meta;
  const at = Date.parse(occurredAt) < Date.parse(recordedAt) ? occurredAt : recordedAt;
  const from = { stream, revision, eventId: event.id, at };
  if (event.type === 'message-received') return event.data.help?.reply ? { ...from, kind: 'HELP' } : null;
  const { reply, listType } = event.data;
  return reply && { ...from, kind: reply.kind, listType };
}

/**
 * Whether a list moved against the reply after its cause. The cause left its own list as the reply says, so any
 * later move of that list began with one the other way; of the other lists only the last move is known.
 */
function isSuperseded(cause: ReplyCause, standing: Standing, startClearsAll: boolean): boolean {
  // An answer to a call for help says nothing of a list, so no move contradicts it.
  if (cause.kind === 'HELP') return false;
  return LIST_TYPES.some((listType) => {
    const moved = standing[listType];
    if (moved === undefined || moved.revision <= cause.revision) return false;
    if (listType === cause.listType) return true;
    return startClearsAll && moved.optedOut === (cause.kind === 'OPT_IN');
  });
}

/**
 * Whether a reply may still go out; asked at its hand-over.
 * @param question `standing` is the contact's newest, `now` is in ms since the epoch.
 */
export function judgeReply(question: {
  readonly cause: ReplyCause;
  readonly standing: Standing;
  readonly startClearsAll: boolean;
  readonly now: number;
}): ReplyVerdict {
  const { cause, standing, startClearsAll, now } = question;
  if (isSuperseded(cause, standing, startClearsAll)) return 'superseded';
  return now - Date.parse(cause.at) >= REPLY_LIFETIME_MS ? 'expired' : 'due';
}

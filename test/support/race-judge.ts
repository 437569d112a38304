import type { ContentType, ListType } from '../../domain/lists.js';
import type { RaceLog, Span } from './race-log.js';

// The outside checker: what somebody who only sees requests, answers and hand-overs can say for certain.

/** Written out and not taken from the product. */
const BLOCKED_BY: Readonly<Record<ContentType, readonly ListType[]>> = {
  CONTENT_MARKETING: ['OPT_OUT_ALL', 'OPT_OUT_MARKETING'],
  CONTENT_NOTIFICATION: ['OPT_OUT_ALL', 'OPT_OUT_NOTIFICATION'],
  CONTENT_UNKNOWN: ['OPT_OUT_ALL'],
};

/** A hand-over so long after an acknowledgement is still in time. */
const SLACK_MS = 1;
/** The channel's time-out. */
const LONGEST_WAY_MS = 6_000;

export interface SeenHandOver {
  readonly messageId: string;
  /** Ms since the epoch, as the sender says. */
  readonly at: number;
  /** Ms since the epoch, as the gateway saw it; undefined where nobody could see it. */
  readonly arrivedAt?: number;
}

export type Certainty = 'blocked' | 'allowed' | 'open';

/** What is certain of a message to this contact at the moment `at`. */
export function judgeAt(log: RaceLog, identity: string, contentType: ContentType, at: number): Certainty {
  const primary = holdsAt(
    log.modes.filter(({ mode }) => mode === 'PRIMARY'),
    log.modes.filter(({ mode }) => mode === 'SECONDARY'),
    at,
  );
  if (primary === false) return 'allowed';
  const changes = log.changes.get(identity) ?? [];
  const lists = BLOCKED_BY[contentType].map((list) => {
    const ofList = changes.filter(({ listType }) => listType === list);
    const outs = ofList.filter(({ direction }) => direction === 'OPT_OUT');
    const ins = ofList.filter(({ direction }) => direction === 'OPT_IN');
    return outs.every(({ sentAt }) => sentAt > at) ? false : holdsAt(outs, ins, at);
  });
  if (lists.every((on) => on === false)) return 'allowed';
  return primary === true && lists.includes(true) ? 'blocked' : 'open';
}

/** Whether the last of these changes that took effect by `at` is one of `on` or one of `off`; undefined: uncertain. */
function holdsAt(on: readonly Span[], off: readonly Span[], at: number): boolean | undefined {
  if (standsAt(on, off, at)) return true;
  return standsAt(off, on, at) ? false : undefined;
}

/** True when one of `changes` took effect before `at`, and no opposite one can have come between. */
function standsAt(changes: readonly Span[], opposite: readonly Span[], at: number): boolean {
  return changes.some(
    (change) =>
      change.ackedAt < at - SLACK_MS &&
      opposite.every((other) => other.ackedAt < change.sentAt || other.sentAt > at),
  );
}

export interface OutsideReport {
  /** Hand-overs of messages that this client sent. */
  readonly handOvers: number;
  readonly decided: number;
  /** Handed over though the client had been told before that the contact is blocked. */
  readonly late: readonly SeenHandOver[];
  /** On their way for longer than the channel's time-out. */
  readonly slow: readonly SeenHandOver[];
}

/** Judges every hand-over of this client's messages; replies are not among them. */
export function checkOutside(log: RaceLog, seen: readonly SeenHandOver[]): OutsideReport {
  const judged = seen.flatMap((handOver) => {
    const sent = log.sent.get(handOver.messageId);
    if (sent === undefined) return [];
    return [{ handOver, certainty: judgeAt(log, sent.identity, sent.contentType, handOver.at) }];
  });
  return {
    handOvers: judged.length,
    decided: judged.filter(({ certainty }) => certainty !== 'open').length,
    late: judged.filter(({ certainty }) => certainty === 'blocked').map(({ handOver }) => handOver),
    slow: judged
      .map(({ handOver }) => handOver)
      .filter(({ at, arrivedAt }) => arrivedAt !== undefined && arrivedAt - at > LONGEST_WAY_MS),
  };
}

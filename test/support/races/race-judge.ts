import type { ContentType, ListType } from '../../../domain/lists.js';
import type { RaceLog, Sent, Span } from './race-log.js';

// The outside checker: what somebody who only sees requests, answers and hand-overs can say for certain.

/** Written out and not taken from the product. */
const BLOCKED_BY: Readonly<Record<ContentType, readonly ListType[]>> = {
  CONTENT_MARKETING: ['OPT_OUT_ALL', 'OPT_OUT_MARKETING'],
  CONTENT_NOTIFICATION: ['OPT_OUT_ALL', 'OPT_OUT_NOTIFICATION'],
  CONTENT_UNKNOWN: ['OPT_OUT_ALL'],
};

/**
 * A hand-over so long after an acknowledgement is still in time. From a ledger server the last read and the call
 * cannot be one step: the call starts within 250 ms of the read, or the read is repeated (design §4 and §8.2).
 */
export const LATEST_MS = { ledgerFile: 1, ledgerServer: 250 } as const;
/** What was acknowledged longer ago than the clock's own grain has taken effect. */
const GRAIN_MS = 1;
/** The channel's time-out. */
const LONGEST_WAY_MS = 6_000;

export interface SeenHandOver {
  readonly messageId: string;
  /** Ms since the epoch, as the sender says. */
  readonly at: number;
  /** Ms since the epoch, as the gateway saw it; undefined where nobody could see it. */
  readonly arrivedAt?: number;
}

type Certainty = 'blocked' | 'allowed' | 'open';

/** What is certain of a message to this contact at the moment `at`. @param latestMs see `LATEST_MS` */
function judgeAt(log: RaceLog, { identity, contentType }: Sent, at: number, latestMs: number): Certainty {
  const primary = holdsAt(
    log.modes.filter(({ mode }) => mode === 'PRIMARY'),
    log.modes.filter(({ mode }) => mode === 'SECONDARY'),
    { at, latestMs },
  );
  if (primary === false) return 'allowed';
  const changes = log.changes.get(identity) ?? [];
  const lists = BLOCKED_BY[contentType].map((list) => {
    const ofList = changes.filter(({ listType }) => listType === list);
    const outs = ofList.filter(({ direction }) => direction === 'OPT_OUT');
    const ins = ofList.filter(({ direction }) => direction === 'OPT_IN');
    return outs.every(({ sentAt }) => sentAt > at) ? false : holdsAt(outs, ins, { at, latestMs });
  });
  if (lists.every((on) => on === false)) return 'allowed';
  return primary === true && lists.includes(true) ? 'blocked' : 'open';
}

/** Whether the last of these changes that took effect by `at` is one of `on` or one of `off`; undefined: uncertain. */
function holdsAt(
  on: readonly Span[],
  off: readonly Span[],
  { at, latestMs }: { readonly at: number; readonly latestMs: number },
): boolean | undefined {
  if (standsAt(on, off, at, latestMs)) return true;
  return standsAt(off, on, at, GRAIN_MS) ? false : undefined;
}

/** True when one of `changes` was acknowledged so long before `at`, and no opposite one can have come between. */
function standsAt(changes: readonly Span[], opposite: readonly Span[], at: number, forMs: number): boolean {
  return changes.some(
    (change) =>
      change.ackedAt < at - forMs &&
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

/** Judges every hand-over of this client's messages; replies are not among them. @param latestMs see `LATEST_MS` */
export function checkOutside(log: RaceLog, seen: readonly SeenHandOver[], latestMs: number): OutsideReport {
  const judged = seen.flatMap((handOver) => {
    const sent = log.sent.get(handOver.messageId);
    if (sent === undefined) return [];
    return [{ handOver, certainty: judgeAt(log, sent, handOver.at, latestMs) }];
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

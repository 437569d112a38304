import type { MessageAccepted, ReplyCause } from '../../../domain/events/events.js';
import type { Recorded } from '../../../ledger/ledger.js';
import { appStream, contactStream } from '../../../ledger/streams.js';
import { eachEvent } from '../ledger/ledger-file.js';

// The inside checker of replies. It knows nothing of the product's own rule: it looks for the events themselves.

/** A reply is good for this long after its cause. */
const LIFETIME_MS = 5 * 60_000;

export interface ReplyReport {
  readonly dispatched: number;
  /** Never called, since a later change overtook them. */
  readonly superseded: number;
  /** Dispatched, and overtaken while the hand-over ran: the redemption may have come before the change. */
  readonly close: number;
  /** Dispatched though overtaken at every position from the intent to the outcome. */
  readonly late: readonly string[];
  /** Dispatched when the cause was too old. */
  readonly old: readonly string[];
}

/** Reads the ledger of a stopped instance from end to end. */
export async function checkReplies(dataDir: string): Promise<ReplyReport> {
  const checker = createReplyChecker();
  await eachEvent(dataDir, (recorded) => checker.take(recorded));
  return checker.report();
}

interface Change {
  readonly revision: number;
  readonly direction: 'OPT_OUT' | 'OPT_IN';
  readonly moved: readonly string[];
}

/** Takes events in the ledger's order. */
export function createReplyChecker(): { take(recorded: Recorded): void; report(): ReplyReport } {
  const accepted = new Map<string, MessageAccepted>();
  const changes = new Map<string, Change[]>();
  const clearsAll = new Map<string, boolean>();
  /** By open intent: overtaken at each position so far. */
  const intents = new Map<string, { throughout: boolean }>();
  const late: string[] = [];
  const old: string[] = [];
  const counts = { dispatched: 0, superseded: 0, close: 0 };

  function isOvertaken({ data }: MessageAccepted): boolean {
    const { cause, appId } = data;
    if (cause === null || cause.kind === 'HELP') return false;
    const any = clearsAll.get(appStream(appId)) === true;
    return (changes.get(contactStream(data.recipients[0]?.contactId ?? '')) ?? []).some((change) =>
      contradicts(change, cause, any),
    );
  }

  function somethingMoved(): void {
    for (const [messageId, intent] of intents) {
      const reply = accepted.get(messageId);
      if (intent.throughout && reply !== undefined && !isOvertaken(reply)) intent.throughout = false;
    }
  }

  function take({ stream, revision, event }: Recorded): void {
    switch (event.type) {
      case 'opted-out':
      case 'opted-in': {
        const direction = event.type === 'opted-out' ? 'OPT_OUT' : 'OPT_IN';
        const known = changes.get(stream) ?? [];
        changes.set(stream, [...known, { revision, direction, moved: event.data.moved }]);
        somethingMoved();
        return;
      }
      case 'message-accepted':
        if (event.data.kind === 'REPLY') accepted.set(event.data.messageId, event);
        return;
      case 'message-handing-over': {
        const reply = accepted.get(event.data.messageId);
        if (reply !== undefined) intents.set(event.data.messageId, { throughout: isOvertaken(reply) });
        return;
      }
      case 'message-not-sent':
      case 'message-failed': {
        const isReply = accepted.has(event.data.messageId);
        if (event.type === 'message-failed' && isReply && event.data.reason === 'superseded')
          counts.superseded += 1;
        intents.delete(event.data.messageId);
        return;
      }
      case 'message-dispatched':
        dispatched(event.data.messageId, event.data.handedOverAt);
        return;
      default:
        if ('state' in event.data && 'consent' in event.data.state) {
          clearsAll.set(stream, event.data.state.consent.startClearsAll);
          somethingMoved();
        }
    }
  }

  function dispatched(messageId: string, handedOverAt: string): void {
    const reply = accepted.get(messageId);
    if (reply === undefined) return;
    counts.dispatched += 1;
    const { cause } = reply.data;
    if (intents.get(messageId)?.throughout !== false) late.push(messageId);
    else if (isOvertaken(reply)) counts.close += 1;
    if (cause !== null && Date.parse(handedOverAt) - Date.parse(cause.at) >= LIFETIME_MS) old.push(messageId);
    intents.delete(messageId);
  }

  return { take, report: () => ({ ...counts, late, old }) };
}

/** Whether a change says the opposite of the reply, later, on its list (or on any, where START clears all). */
function contradicts(
  { revision, direction, moved }: Change,
  cause: Exclude<ReplyCause, { kind: 'HELP' }>,
  anyList: boolean,
): boolean {
  if (revision <= cause.revision || direction === cause.kind) return false;
  return anyList ? moved.length > 0 : moved.includes(cause.listType);
}

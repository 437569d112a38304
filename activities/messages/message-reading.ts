import type { LedgerEvent, MessageAccepted, MessageHandingOver } from '../../domain/events/events.js';
import { foldMessage, type MessageProgress } from '../../domain/messages/message.js';
import type { OwedMessage } from '../../domain/owed.js';
import type { Ledger, Recorded } from '../../ledger/ledger.js';
import { messageStream } from '../../ledger/streams.js';
import { readWholeStream } from '../../ledger/reads/whole-stream.js';
import { acceptReply } from './accept-reply.js';

/** Thrown where the ledger does not hold what an owed message rests on; the text names the stream only. */
export class MessageUnreadable extends Error {
  override readonly name = 'MessageUnreadable';
}

/** What reading the stream of one message gave. */
export interface MessageReading {
  readonly stream: string;
  /** The event as recorded; for a reply that was never tried, as it is to be recorded before its first intent. */
  readonly accepted: MessageAccepted;
  /** Null while the stream is empty. */
  readonly last: { readonly revision: number; readonly recordedAt: string } | null;
  readonly progress: MessageProgress;
  /** Intents in a row without any outcome, the newest included. */
  readonly unresolved: number;
  /** Every intent whose outcome nobody knows, also where a later one has an outcome. */
  readonly unknown: readonly MessageHandingOver['data'][];
}

/**
 * Reads a message's stream; an empty one belongs to a reply, which begins with what its causing event says.
 * @throws MessageUnreadable; what the ledger throws
 */
export async function readMessageStream(ledger: Ledger, item: OwedMessage): Promise<MessageReading> {
  const stream = messageStream(item.messageId);
  const events = await readWholeStream(ledger, stream);
  const last = events.at(-1);
  return {
    stream,
    accepted: events.length === 0 ? await replyOf(ledger, item) : acceptedOf(stream, events),
    last: last === undefined ? null : { revision: last.revision, recordedAt: last.event.meta.recordedAt },
    progress: foldMessage(events),
    unresolved: countUnresolved(events),
    unknown: intentsWithoutOutcome(events),
  };
}

function acceptedOf(stream: string, events: readonly Recorded[]): MessageAccepted {
  const first = events[0]?.event;
  if (first?.type !== 'message-accepted')
    throw new MessageUnreadable(`${stream} does not begin as a message does`);
  return first;
}

async function replyOf(ledger: Ledger, item: OwedMessage): Promise<MessageAccepted> {
  const stream = messageStream(item.messageId);
  if (item.cause === null) throw new MessageUnreadable(`${stream} is empty`);
  const { stream: from, revision } = item.cause;
  const [recorded] = await ledger.readStream(from, { from: revision, direction: 'forwards', limit: 1 });
  const reply = recorded === undefined ? null : acceptReply(recorded, item.messageId);
  if (reply === null)
    throw new MessageUnreadable(`${from} owes no such reply at revision ${String(revision)}`);
  return reply;
}

function countUnresolved(events: readonly Recorded[]): number {
  const types: LedgerEvent['type'][] = events.map(({ event }) => event.type);
  // A receipt says something about the message, but is not the outcome of an intent.
  const settled = types.filter((type) => type !== 'message-reported');
  const before = settled.findLastIndex((type) => type !== 'message-handing-over');
  return settled.length - 1 - before;
}

function intentsWithoutOutcome(events: readonly Recorded[]): readonly MessageHandingOver['data'][] {
  const settled = events.map(({ event }) => event).filter(({ type }) => type !== 'message-reported');
  return settled.flatMap((event, n) => {
    if (event.type !== 'message-handing-over') return [];
    const next = settled[n + 1]?.type;
    return next === undefined || next === 'message-handing-over' ? [event.data] : [];
  });
}

import { buildBody, type CallbackSource } from '../../domain/callbacks/callback-bodies.js';
import type { BodyVersion, LedgerEvent, MessageAccepted, Trigger } from '../../domain/events/events.js';
import type { Ledger, Recorded } from '../../ledger/ledger.js';
import { messageStream } from '../../ledger/streams.js';
import { CallbackFault } from './callback-types.js';

/** What a callback tells, read from the ledger. */
export interface CallbackContent {
  readonly eventId: string;
  readonly correlationId: string | undefined;
  /** Revision of the contact; null where the event is not about one contact. */
  readonly sequence: number | null;
  /** The message's own `callback_url`. */
  readonly callbackUrl: string | undefined;
  /** The body's bytes, the same at each call. @throws CallbackFault `body-unbuildable` */
  body(trigger: Trigger): Buffer;
}

/** So many revisions are read in one go, although nobody asked for those between. */
const WIDEST_READ = 100;
const MESSAGE_STREAM = messageStream('');

/**
 * Reads what callbacks of one stream tell: a message's stream is read once however many of its events do.
 * @returns by revision the content, or why there is none
 * @throws what the ledger throws
 */
export async function readContents(
  ledger: Pick<Ledger, 'readStream'>,
  stream: string,
  revisions: readonly number[],
): Promise<ReadonlyMap<number, CallbackContent | CallbackFault>> {
  const isMessage = stream.startsWith(MESSAGE_STREAM);
  const wanted = isMessage ? [0, ...revisions] : revisions;
  const events = new Map<number, Recorded>();
  for (const { from, limit } of ranges(wanted)) {
    for (const recorded of await ledger.readStream(stream, { from, direction: 'forwards', limit })) {
      events.set(recorded.revision, recorded);
    }
  }
  const first = events.get(0)?.event;
  const accepted = isMessage && first?.type === 'message-accepted' ? first : undefined;
  return new Map(revisions.map((revision) => [revision, contentOf(events.get(revision), accepted)]));
}

/** Gives the content at a revision. @throws CallbackFault that says why there is none */
export function contentAt(
  contents: ReadonlyMap<number, CallbackContent | CallbackFault>,
  revision: number,
): CallbackContent {
  const content = contents.get(revision);
  if (content === undefined || content instanceof CallbackFault) {
    throw content ?? new CallbackFault('event-missing');
  }
  return content;
}

function ranges(revisions: readonly number[]): readonly { readonly from: number; readonly limit: number }[] {
  const [first = 0, ...rest] = [...new Set(revisions)].sort((a, b) => a - b);
  const found: { from: number; limit: number }[] = [{ from: first, limit: 1 }];
  for (const revision of rest) {
    const last = found.at(-1);
    if (last !== undefined && revision - last.from < WIDEST_READ) last.limit = revision - last.from + 1;
    else found.push({ from: revision, limit: 1 });
  }
  return found;
}

function contentOf(
  recorded: Recorded | undefined,
  accepted: MessageAccepted | undefined,
): CallbackContent | CallbackFault {
  const source = recorded === undefined ? null : sourceOf(recorded.event, accepted);
  if (recorded === undefined || source === null) return new CallbackFault('event-missing');
  const { event, revision } = recorded;
  const bodies = new Map<Trigger, Buffer>();
  return {
    eventId: event.id,
    correlationId: event.meta.correlationId,
    sequence: sequenceOf(event, revision),
    callbackUrl: accepted?.personal?.callbackUrl,
    body(trigger) {
      const known = bodies.get(trigger);
      if (known !== undefined) return known;
      const body = build(source, trigger);
      bodies.set(trigger, body);
      return body;
    },
  };
}

interface VersionedSource {
  readonly source: CallbackSource;
  readonly version: BodyVersion;
}

/** Finds what a body is built from; null for an event that no callback tells, and for a message that was never accepted. */
function sourceOf(event: LedgerEvent, accepted: MessageAccepted | undefined): VersionedSource | null {
  if (event.type === 'message-received' || event.type === 'opted-out' || event.type === 'opted-in') {
    return { source: { event }, version: event.data.bodyVersion };
  }
  const ofMessage =
    event.type === 'message-blocked' ||
    event.type === 'message-dispatched' ||
    event.type === 'message-failed' ||
    event.type === 'message-reported';
  if (!ofMessage || accepted === undefined) return null;
  return { source: { event, accepted }, version: event.data.bodyVersion };
}

function build({ source, version }: VersionedSource, trigger: Trigger): Buffer {
  try {
    return Buffer.from(buildBody(version, trigger, source));
  } catch {
    throw new CallbackFault('body-unbuildable');
  }
}

/** Finds the contact's revision: that of its own event, or the one that a blocked message was judged by. */
function sequenceOf(event: LedgerEvent, revision: number): number | null {
  switch (event.type) {
    case 'message-received':
    case 'opted-out':
    case 'opted-in':
      return revision;
    case 'message-blocked':
      return event.data.permit.contacts[event.data.recipientIndex]?.revision ?? null;
    default:
      return null;
  }
}

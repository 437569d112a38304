import type { LedgerEvent } from '../domain/events/events.js';
import { AppendTooLarge, EventIdTaken, InvalidEvent } from './errors.js';
import type { EventCodec } from './event-codec.js';
import type { Expected } from './ledger.js';

/** These are the limits of one append; the byte limit is the smallest that a KurrentDB server may have. */
export const MAX_EVENTS = 1_000;
export const MAX_BYTES = 1_048_576;

/** An event as text; `personal` apart, so that one place can seal it. */
export interface EncodedEvent {
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly data: string;
  readonly personal: string | null;
  readonly meta: string;
}

/**
 * Checks what can be checked before the ledger is looked at, and turns the events into text; changes to the
 * objects after this have no effect.
 * @throws InvalidEvent, AppendTooLarge, EventIdTaken (the same id twice in one append)
 */
export function encodeAppend(
  codec: EventCodec,
  events: readonly LedgerEvent[],
  expected: Expected,
): readonly EncodedEvent[] {
  if (events.length === 0) throw new InvalidEvent('an append has at least one event');
  if (events.length > MAX_EVENTS) {
    throw new AppendTooLarge(`${String(events.length)} events in one append, at most ${String(MAX_EVENTS)}`);
  }
  if (expected !== 'none' && !(Number.isSafeInteger(expected) && expected >= 0)) {
    throw new RangeError(`an expected revision is 'none' or 0 and up, not ${String(expected)}`);
  }
  const encoded = events.map((event) => encode(codec, event));
  const bytes = encoded.reduce((sum, event) => sum + sizeOf(event), 0);
  if (bytes > MAX_BYTES) {
    throw new AppendTooLarge(`${String(bytes)} bytes in one append, at most ${String(MAX_BYTES)}`);
  }
  if (new Set(events.map(({ id }) => id)).size < events.length) {
    throw new EventIdTaken('the same event id twice in one append');
  }
  return encoded;
}

/** Encodes one event. Views keep parts of events as text, which have to be the same now and whenever the event is read. */
function encode(codec: EventCodec, given: LedgerEvent): EncodedEvent {
  const event = codec.validate(given);
  return {
    id: event.id,
    type: event.type,
    version: event.version,
    data: JSON.stringify(event.data),
    personal: event.personal === undefined ? null : JSON.stringify(event.personal),
    meta: JSON.stringify(event.meta),
  };
}

function sizeOf(event: EncodedEvent): number {
  const text = event.id + event.type + event.data + (event.personal ?? '') + event.meta;
  return Buffer.byteLength(text);
}

/** Reads the stored text as an event of the newest version. @throws InvalidEvent */
export function decodeEvent(codec: EventCodec, stored: EncodedEvent): LedgerEvent {
  return codec.parse(parseStored(stored));
}

/** Decodes what this very process encoded: it was checked then, and is of the newest version. */
export function decodeOwnEvent(stored: EncodedEvent): LedgerEvent {
  return parseStored(stored) as LedgerEvent;
}

function parseStored(stored: EncodedEvent): object {
  return {
    id: stored.id,
    type: stored.type,
    version: stored.version,
    data: JSON.parse(stored.data) as unknown,
    ...(stored.personal === null ? {} : { personal: JSON.parse(stored.personal) as unknown }),
    meta: JSON.parse(stored.meta) as unknown,
  };
}

import { jsonEvent, type EventData, type ResolvedEvent } from '@eventstore/db-client';
import type { EncodedEvent } from '../encode-append.js';
import { InvalidEvent } from '../errors.js';
import type { EventCodec } from '../event-codec.js';
import type { Position, Recorded } from '../ledger.js';

// An event's body holds `data` and, apart from it, `personal`; its metadata hold `version` and `meta`.

const parsed = (text: string): unknown => JSON.parse(text);

export function toKurrent({ id, type, version, data, personal, meta }: EncodedEvent): EventData {
  return jsonEvent({
    id,
    type,
    data: { data: parsed(data), ...(personal === null ? {} : { personal: parsed(personal) }) },
    metadata: { version, meta: parsed(meta) },
  });
}

/** Streams that are ours begin with one of these; the server's own begin with `$`. */
export const CATEGORIES = [
  'ledger-',
  'project-',
  'app-',
  'contact-',
  'message-',
  'callback-',
  'recording-',
  'import-',
] as const;

/** The position of what was read, whether ours or not; undefined where the server tells none. */
export function positionOf({ event, commitPosition }: ResolvedEvent): Position | undefined {
  return event?.position?.commit ?? commitPosition;
}

/** Whether an event is ours: the server has its own, and a prefix filter lets through what tells of a deleted stream. */
export function isOurs({ event }: ResolvedEvent): boolean {
  if (event === undefined || event.type.startsWith('$')) return false;
  return CATEGORIES.some((category) => event.streamId.startsWith(category));
}

/** @returns undefined for an event that is not ours @throws InvalidEvent */
export function fromKurrent(codec: EventCodec, resolved: ResolvedEvent): Recorded | undefined {
  const { event } = resolved;
  const position = positionOf(resolved);
  if (event === undefined || position === undefined || !isOurs(resolved)) return undefined;
  const stored = storedOf(event.data, event.metadata);
  if (stored === undefined) {
    throw new InvalidEvent(`${event.streamId} at revision ${String(event.revision)} is no event of ours`);
  }
  return {
    stream: event.streamId,
    revision: Number(event.revision),
    position,
    event: codec.parse({ id: event.id, type: event.type, ...stored }),
  };
}

/** Joins body and metadata. Broken JSON comes as a string that calls itself JSON, broken metadata as bytes. */
function storedOf(body: unknown, metadata: unknown): object | undefined {
  if (!isRecord(body) || !isRecord(metadata)) return undefined;
  const { data, personal } = body;
  const { version, meta } = metadata;
  return { version, data, ...(personal === undefined ? {} : { personal }), meta };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
}

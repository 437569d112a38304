import { ulid } from 'ulid';
import { parse, v5 } from 'uuid';

/** Our own namespace; changing it would make every repeated fact a new one. */
const NAMESPACE = parse('8a2d3972-18d9-446a-ac34-254d07b655d2');

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Derives a UUID (RFC 9562 version 5): the same parts always give the same one, and no two lists of parts share one. */
export function deriveId(...parts: readonly string[]): string {
  // JSON keeps ('a', 'b') and ('ab') apart.
  return v5(Buffer.from(JSON.stringify(parts)), NAMESPACE);
}

/**
 * Derives the id of the event that an inbound message becomes: a redelivery is a duplicate, while the same provider id with
 * another text is a new message (gateways restart their counters).
 * @param textHmac `RootKey.textHmac` of the text, so that the id tells nothing about it
 */
export function inboundEventId(
  stream: string,
  provider: string,
  providerMessageId: string,
  textHmac: string,
): string {
  return deriveId('inbound', stream, provider, providerMessageId, textHmac);
}

/** Derives a callback's id: one event for one endpoint under one trigger is one callback, however often it is looked at. */
export function callbackId(eventId: string, trigger: string, endpointId: string): string {
  return deriveId('callback', eventId, trigger, endpointId);
}

/** Derives the id that a receiver deduplicates by: one event may cause two callbacks to one endpoint. */
export function webhookId(eventId: string, trigger: string): string {
  return deriveId('webhook', eventId, trigger);
}

/** Writes the 128 bits of a UUID in ULID spelling, for derived ids that stand on the wire where ULIDs do. */
export function ulidOf(uuid: string): string {
  let text = '';
  let rest = 0;
  // Two zero bits in front make 26 digits of 5 bits out of 128.
  let bits = 2;
  for (const byte of parse(uuid)) {
    rest = (rest << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += CROCKFORD.charAt((rest >>> (bits - 5)) & 31);
    rest &= (1 << bits) - 1;
  }
  return text;
}

/** Makes a fresh ULID. @param now milliseconds since the epoch */
export function newUlid(now: number): string {
  return ulid(now);
}

import { EventIdTaken, RevisionConflict } from './errors.js';
import type { Appended, Expected, Position } from './ledger.js';

/** The place where an event stands. */
export interface Place {
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
}

/** Answers what is asked before an append; the answers include what the same transaction wrote before. */
export interface Stood {
  /** Finds where an event id stands in the whole ledger. */
  placeOf(eventId: string): Place | undefined;
  /** Revision of the stream's last event. */
  headOf(stream: string): Expected;
}

/**
 * Decides whether an append may be written; undefined means that it may.
 *
 * The first id stands for the fact: where it is known in this stream the append is a duplicate, whatever was
 * expected and whatever else the batch holds. A redelivery decided under newer settings may well have other
 * followers; the decision that was recorded first counts. The answer is the place of the last of the batch's
 * events that stands here.
 * @throws EventIdTaken when an id stands in another stream, or stands here while the first one does not
 * @throws RevisionConflict
 */
export function judgeAppend(
  stood: Stood,
  stream: string,
  ids: readonly string[],
  expected: Expected,
): Appended | undefined {
  const places = ids.map((id) => stood.placeOf(id));
  const elsewhere = ids.find((_, i) => places[i] !== undefined && places[i].stream !== stream);
  if (elsewhere !== undefined) throw new EventIdTaken(`event ${elsewhere} stands in another stream`);
  const known = places.filter((place) => place !== undefined);
  if (places[0] !== undefined) {
    const last = known.reduce((a, b) => (b.revision > a.revision ? b : a));
    return { revision: last.revision, position: last.position, duplicate: true };
  }
  if (known.length > 0) throw new EventIdTaken(`${stream} holds a later event of this append, not the first`);
  const actual = stood.headOf(stream);
  if (actual !== expected) throw new RevisionConflict(stream, expected, actual);
  return undefined;
}

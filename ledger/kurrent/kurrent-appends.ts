import { NO_STREAM, type EventData, type EventStoreDBClient } from '@eventstore/db-client';
import type { EncodedEvent } from '../encode-append.js';
import { EventIdTaken, RevisionConflict } from '../errors.js';
import { appendFault } from './kurrent-errors.js';
import { toKurrent } from './kurrent-events.js';
import { createLookBack, NO_LOOK_BACK } from './kurrent-look-back.js';
import type { KurrentReads } from './kurrent-reads.js';
import type { KnownStretch } from './kurrent-recent-ids.js';
import { timed, type AppendTiming } from './kurrent-timing.js';
import type { KurrentCredentials } from './kurrent-url.js';
import type { Appended, Expected } from '../ledger.js';
import { inTurn } from '../stream-turns.js';

export interface KurrentAppendsDeps {
  readonly client: EventStoreDBClient;
  readonly reads: Pick<KurrentReads, 'stream'>;
  readonly credentials: KurrentCredentials;
  readonly timing: AppendTiming;
  readonly looksBack: boolean;
}

type Append = (stream: string, events: readonly EncodedEvent[], expected: Expected) => Promise<Appended>;

/**
 * Appends one after another per stream, each looked up among the last 256 events of its stream.
 * @throws (the returned function) RevisionConflict, AppendUnclear, AppendTooLarge, EventIdTaken, LedgerUnavailable
 */
export function createKurrentAppends({
  client,
  reads,
  credentials,
  timing,
  looksBack,
}: KurrentAppendsDeps): Append {
  const lookBack = looksBack ? createLookBack(reads) : NO_LOOK_BACK;
  const turns = {};

  const send: Append = async (stream, events, expected) => {
    const call = client.appendToStream(stream, events.map<EventData>(toKurrent), {
      expectedRevision: expected === 'none' ? NO_STREAM : BigInt(expected),
      deadline: timing.deadlineMs,
      // Given per call, so that it goes as a call of its own: the shared stream of appends never times out.
      credentials,
    });
    const { nextExpectedRevision, position } = await timed(call, timing);
    // What stood there already is acknowledged without a place.
    if (position === undefined) throw new RevisionConflict(stream, expected, Number(nextExpectedRevision));
    return { revision: Number(nextExpectedRevision), position: position.commit, duplicate: false };
  };

  const append: Append = async (stream, events, expected) => {
    const end = await lookBack.before(stream, expected);
    const known = end && knownAppend(end, stream, events);
    if (known !== undefined) return known;
    try {
      const appended = await send(stream, events, expected);
      lookBack.wrote(
        stream,
        events.map(({ id }) => id),
        appended,
      );
      return appended;
    } catch (error) {
      const fault = appendFault(error, stream, expected);
      if (!(fault instanceof RevisionConflict)) throw fault;
      const found = knownAppend(await lookBack.again(stream), stream, events);
      if (found === undefined) throw fault;
      return found;
    }
  };

  return (stream, events, expected) => inTurn(turns, stream, () => append(stream, events, expected));
}

/** The first id stands for the fact, as `judgeAppend` says of ledgers that can look at everything at once. */
function knownAppend(
  end: KnownStretch,
  stream: string,
  events: readonly EncodedEvent[],
): Appended | undefined {
  const [first, ...others] = events.map(({ id }) => end.places.get(id));
  const later = others.filter((place) => place !== undefined);
  if (first === undefined) {
    if (later.length === 0) return undefined;
    throw new EventIdTaken(`${stream} holds a later event of this append, not the first`);
  }
  const last = later.reduce((a, b) => (b.revision > a.revision ? b : a), first);
  return { ...last, duplicate: true };
}

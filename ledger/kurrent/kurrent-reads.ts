import {
  BACKWARDS,
  END,
  FORWARDS,
  START as FIRST,
  type EventStoreDBClient,
  type ResolvedEvent,
  type StreamingRead,
} from '@eventstore/db-client';
import type { KurrentCredentials } from './kurrent-url.js';
import { isStreamNotFound, readFault } from './kurrent-errors.js';
import { drain, GivenUp } from './kurrent-drain.js';
import { isOurs, positionOf } from './kurrent-events.js';
import { START, type Position, type ReadStream } from '../ledger.js';

/** Reads have no deadline of their own: a server that stands still would hold them for ever. */
const READ_MS = 5_000;
/** A connection that broke is made anew by the next call. */
const TRIES = 2;
const PAGE = 1_000;

export interface KurrentReads {
  /** Resolved events of one stream; none where there is no stream. Answered by the leader: decisions rest on it. */
  stream(name: string, read: ReadStream): Promise<readonly ResolvedEvent[]>;
  /** Events of all streams, the server's own included, with a position greater than `after`; fewer than `limit`: no more. */
  all(after: Position, limit: number): Promise<readonly ResolvedEvent[]>;
  /** The newest events of all streams, newest first. */
  newest(limit: number): Promise<readonly ResolvedEvent[]>;
  /** Position of our newest event, however many others came after it; `START` without one. */
  newestOfOurs(): Promise<Position>;
}

interface KurrentReadsOptions {
  readonly credentials: KurrentCredentials;
  /** Aborts when the ledger is closed: what is under way is given up then. */
  readonly closed: AbortSignal;
  readonly readMs?: number;
}

/** Reads that end: each is drained, and given up after 5 s or when the ledger is closed. @throws LedgerUnavailable */
export function createKurrentReads(
  client: EventStoreDBClient,
  { credentials, closed, readMs = READ_MS }: KurrentReadsOptions,
): KurrentReads {
  const drained = async (open: () => StreamingRead<ResolvedEvent>): Promise<readonly ResolvedEvent[]> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await drain(open, { readMs, closed });
      } catch (error) {
        if (isStreamNotFound(error)) return [];
        if (attempt === TRIES || error instanceof GivenUp) throw readFault(error);
      }
    }
  };
  const from = { credentials, requiresLeader: true };

  async function stream(name: string, read: ReadStream): Promise<readonly ResolvedEvent[]> {
    const direction = read.direction === 'forwards' ? FORWARDS : BACKWARDS;
    const fromRevision = read.from === 'end' ? END : BigInt(read.from);
    const events = await drained(() =>
      client.readStream(name, { ...from, direction, fromRevision, maxCount: read.limit }),
    );
    // Backwards from beyond the end, a server looks at revisions that are not there.
    const beyond = events.length === 0 && direction === BACKWARDS && read.from !== 'end' && read.from > 0;
    if (!beyond) return events;
    const [newest] = await stream(name, { ...read, from: 'end', limit: 1 });
    const head = Number(newest?.event?.revision ?? 0n);
    return newest === undefined || head >= read.from ? [] : stream(name, { ...read, from: head });
  }

  const backwards = (before: Position | typeof END, limit: number): Promise<readonly ResolvedEvent[]> =>
    drained(() => {
      const fromPosition = before === END ? END : { commit: before, prepare: before };
      return client.readAll({ ...from, direction: BACKWARDS, fromPosition, maxCount: limit });
    });

  return {
    stream,
    async all(after, limit) {
      // A read of everything begins at its position, a stream's events after it.
      const fromPosition = after === START ? FIRST : { commit: after, prepare: after };
      const events = await drained(() =>
        client.readAll({ ...from, direction: FORWARDS, fromPosition, maxCount: limit + 1 }),
      );
      return events.filter((one) => (positionOf(one) ?? START) > after).slice(0, limit);
    },
    newest: (limit) => backwards(END, limit),
    async newestOfOurs() {
      for (let before: Position | typeof END = END; ;) {
        const page: readonly ResolvedEvent[] = await backwards(before, PAGE);
        const found = page.find(isOurs);
        if (found !== undefined) return positionOf(found) ?? START;
        const oldest: Position | undefined = page.length < PAGE ? undefined : positionsOf(page).at(-1);
        if (oldest === undefined) return START;
        before = oldest;
      }
    },
  };
}

const positionsOf = (page: readonly ResolvedEvent[]): readonly Position[] =>
  page.flatMap((one) => positionOf(one) ?? []);

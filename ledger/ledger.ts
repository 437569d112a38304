import type { LedgerEvent } from '../domain/events/events.js';

/** A position is an event's order in the whole ledger: opaque, ascending, not dense. It is sent as decimal text. */
export type Position = bigint;

/** Before the first event. */
export const START: Position = 0n;

/** An event as it stands in the ledger. Revisions of a stream start at 0. */
export interface Recorded<E extends LedgerEvent = LedgerEvent> {
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
  readonly event: E;
}

/** The head that the writer believes the stream to have: no event yet, or the revision of its last one. */
export type Expected = 'none' | number;

/** `revision` and `position` are those of the last event appended (or, for a duplicate, found). */
export interface Appended {
  readonly revision: number;
  readonly position: Position;
  /** The first event's id already stood in this stream: nothing was written. */
  readonly duplicate: boolean;
}

export interface ReadStream {
  /** First revision to read, or `'end'` with `backwards`. */
  readonly from: number | 'end';
  readonly direction: 'forwards' | 'backwards';
  /** How many events to read at most, 1–1,000. */
  readonly limit: number;
}

export const CAUGHT_UP = Symbol('caught up');

/**
 * The event ledger. Append is atomic and, once resolved, durable.
 * Errors: `RevisionConflict`, `AppendUnclear`, `LedgerUnavailable`, `InvalidEvent` (see errors.ts).
 */
export interface Ledger {
  append(stream: string, events: readonly LedgerEvent[], expected: Expected): Promise<Appended>;
  /** Reads a stream; a stream that does not exist is empty. */
  readStream(stream: string, read: ReadStream): Promise<readonly Recorded[]>;
  /** Reads events with a position greater than `after`, ascending. */
  readAll(read: { readonly after: Position; readonly limit: number }): Promise<readonly Recorded[]>;
  /** Catches up, then stays live until the signal aborts; yields `CAUGHT_UP` each time nothing newer is known. */
  subscribe(read: {
    readonly after: Position;
    readonly signal: AbortSignal;
  }): AsyncIterable<Recorded | typeof CAUGHT_UP>;
}

import type { Clock } from '../domain/clock.js';
import type { Recorded } from './ledger.js';

/** `recordedAt` of the next event after `last`, by the clock. */
export function nextRecordedAt(clock: Clock, last: Recorded | undefined): string {
  return recordedAtAfter(last?.event.meta.recordedAt, clock.now());
}

/**
 * `recordedAt` of an event (RFC 3339 UTC with ms): now, but never before that of the event before it in its stream, so
 * that "as of" is well defined even when the clock steps back.
 * @param before RFC 3339 UTC with ms; undefined or null for the first event of a stream
 */
export function recordedAtAfter(before: string | null | undefined, nowMs: number): string {
  const now = new Date(nowMs).toISOString();
  // All times have one fixed-width format, so text order is time order.
  return before !== null && before !== undefined && before > now ? before : now;
}

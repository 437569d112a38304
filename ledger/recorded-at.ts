import type { Clock } from '../domain/clock.js';
import type { Recorded } from './ledger.js';

/**
 * `recordedAt` of the next event after `last` (RFC 3339 UTC with ms): the clock's time, never before the
 * stream's last event, so that "as of" is well defined even when the clock steps back.
 */
export function nextRecordedAt(clock: Clock, last: Recorded | undefined): string {
  const now = new Date(clock.now()).toISOString();
  // One fixed-width format: text order is time order.
  return last !== undefined && last.event.meta.recordedAt > now ? last.event.meta.recordedAt : now;
}

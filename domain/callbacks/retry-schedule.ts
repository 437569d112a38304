import type { AttemptClass } from '../events/events.js';
import type { DeliverySettings } from '../settings.js';

const HOUR_S = 3600;
const DAY_MS = 24 * HOUR_S * 1000;
/** A wrong set-up is not mended within minutes. */
const MISCONFIGURED_FLOOR_MS = 300_000;
/** A callback that is further behind its schedule than this leaves out the waits that are over. */
const SLACK_MS = HOUR_S * 1000;
const JITTER = 0.2;

/** As Sinch's sibling products do: waits of 5 s, doubling, with the last attempt 22 h 45 m after the first failure. */
const SINCH_DELAYS: readonly number[] = Array.from({ length: 14 }, (_, k) => 5 * 2 ** k);
/** The same waits, then one every 12 h, which makes 20 attempts within 82 h 45 m. */
const DURABLE_DELAYS: readonly number[] = [...SINCH_DELAYS, ...Array.from({ length: 5 }, () => 12 * HOUR_S)];

/** The waits between the attempts of one callback, in seconds; one more attempt than waits is made. */
export function delaysOf({ delays, profile }: DeliverySettings): readonly number[] {
  return delays ?? (profile === 'sinch' ? SINCH_DELAYS : DURABLE_DELAYS);
}

/**
 * Gives the number in [1, 1.2) by which a wait is multiplied: no attempt comes earlier than promised, and not all come at
 * once. It is the same for the same attempt of the same callback, wherever it is computed.
 */
export function jitterOf(callbackId: string, attempt: number): number {
  return 1 + (JITTER * hash(`${callbackId}:${String(attempt)}`)) / 2 ** 32;
}

export interface FailedAttempt {
  readonly delivery: DeliverySettings;
  /** Number of the attempt that failed, from 1. */
  readonly attempt: number;
  readonly callbackId: string;
  readonly class: AttemptClass;
  /** What the receiver's `Retry-After` asks for; null without one. */
  readonly retryAfterMs: number | null;
  /** Milliseconds since the first attempt began. */
  readonly elapsedMs: number;
}

/**
 * Gives the milliseconds to the next attempt; null when there is none and the callback is parked.
 * `Retry-After`, and five minutes where the receiver is set up wrongly, are floors; they never reach beyond the
 * window of the schedule. Waits that such floors have used up are left out, so that the window stays as promised.
 */
export function nextAttemptDelayMs(failed: FailedAttempt): number | null {
  if (failed.class !== 'transient' && failed.class !== 'misconfigured') return null;
  const delays = delaysOf(failed.delivery);
  const delay = delays[Math.max(failed.attempt - 1, waitsOver(delays, failed.elapsedMs))];
  if (delay === undefined) return null;
  const scheduled = Math.ceil(delay * 1000 * jitterOf(failed.callbackId, failed.attempt));
  const rest = latest(delays.reduce((sum, s) => sum + s, 0)) - failed.elapsedMs;
  return Math.max(scheduled, Math.min(floorOf(failed), rest));
}

function floorOf(failed: FailedAttempt): number {
  const asked = Math.min(failed.retryAfterMs ?? 0, DAY_MS);
  return failed.class === 'misconfigured' ? Math.max(asked, MISCONFIGURED_FLOOR_MS) : asked;
}

/** Tells when a wait that ends `seconds` after the first attempt is over even with the greatest jitter. */
function latest(seconds: number): number {
  return Math.floor(seconds * 1000 * (1 + JITTER));
}

function waitsOver(delays: readonly number[], elapsedMs: number): number {
  let seconds = 0;
  const first = delays.findIndex((delay) => latest((seconds += delay)) + SLACK_MS > elapsedMs);
  return first === -1 ? delays.length : first;
}

/** Hashes to 32 bits by FNV-1a with a final mix, which spreads ids that differ in one character. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

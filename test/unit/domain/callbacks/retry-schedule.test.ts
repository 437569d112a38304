import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AttemptClass } from '../../../../domain/events/events.js';
import {
  delaysOf,
  jitterOf,
  nextAttemptDelayMs,
  type FailedAttempt,
} from '../../../../domain/callbacks/retry-schedule.js';
import type { DeliverySettings } from '../../../../domain/settings.js';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);
const durable: DeliverySettings = { profile: 'durable', timeoutS: 15 };
const sinch: DeliverySettings = { profile: 'sinch', timeoutS: 15 };
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const failed = (over: Partial<FailedAttempt>): FailedAttempt => ({
  delivery: durable,
  attempt: 1,
  callbackId: 'c-1',
  class: 'transient',
  retryAfterMs: null,
  elapsedMs: 0,
  ...over,
});

/** When each attempt of one callback begins, ms after the first; the answer to each takes `tookMs`. */
function play(
  over: Partial<FailedAttempt>,
  answer: (attempt: number) => Partial<FailedAttempt>,
  tookMs = 0,
): number[] {
  const starts = [0];
  for (;;) {
    const attempt = starts.length;
    const elapsedMs = (starts.at(-1) ?? 0) + tookMs;
    const delay = nextAttemptDelayMs(failed({ ...over, ...answer(attempt), attempt, elapsedMs }));
    if (delay === null) return starts;
    starts.push(elapsedMs + delay);
  }
}

describe('delaysOf', () => {
  it('sinch: 15 attempts over 22 h 45 m, 5 s first and doubling', () => {
    expect(delaysOf(sinch)).toHaveLength(14);
    expect(delaysOf(sinch).slice(0, 4)).toEqual([5, 10, 20, 40]);
    expect(sum(delaysOf(sinch))).toBe(81_915);
  });
  it('durable: 20 attempts over 82 h 45 m', () => {
    expect(delaysOf(durable)).toHaveLength(19);
    expect(delaysOf(durable).slice(0, 14)).toEqual(delaysOf(sinch));
    expect(sum(delaysOf(durable))).toBe(81_915 + 5 * 43_200);
  });
  it('own delays replace those of the profile', () => {
    expect(delaysOf({ ...durable, delays: [1, 2] })).toEqual([1, 2]);
  });
});

describe('jitterOf', () => {
  it('is in [1, 1.2) and the same each time', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 1, max: 40 }), (id, attempt) => {
        const jitter = jitterOf(id, attempt);
        expect(jitter).toBeGreaterThanOrEqual(1);
        expect(jitter).toBeLessThan(1.2);
        expect(jitterOf(id, attempt)).toBe(jitter);
      }),
    );
  });
  it('spreads what fails together', () => {
    const tenths = new Set<number>();
    for (let i = 0; i < 200; i++) tenths.add(Math.floor((jitterOf(`c-${String(i)}`, 1) - 1) * 50));
    expect(tenths.size).toBe(10);
  });
});

describe('nextAttemptDelayMs', () => {
  it.each(['delivered', 'refused', 'gone', 'blocked'] as const)('%s is never tried again', (ended) => {
    expect(nextAttemptDelayMs(failed({ class: ended }))).toBeNull();
  });

  it('makes every attempt of a profile, never earlier than promised and at most a fifth later', () => {
    fc.assert(
      fc.property(fc.constantFrom(durable, sinch), fc.uuid(), (delivery, callbackId) => {
        const starts = play({ delivery, callbackId }, () => ({}));
        const delays = delaysOf(delivery);
        expect(starts).toHaveLength(delays.length + 1);
        delays.forEach((delay, i) => {
          const wait = (starts[i + 1] ?? 0) - (starts[i] ?? 0);
          expect(wait).toBeGreaterThanOrEqual(delay * 1000);
          expect(wait).toBeLessThanOrEqual(delay * 1200 + 1);
        });
      }),
    );
  });
  it('makes every attempt of an own schedule, also where each ends in a time-out of 30 s', () => {
    const delays = fc.array(fc.integer({ min: 1, max: 86_400 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(delays, (own) => {
        const starts = play({ delivery: { ...durable, delays: own } }, () => ({}), 30_000);
        expect(starts).toHaveLength(own.length + 1);
      }),
    );
  });

  it('waits five minutes at least where the receiver is set up wrongly', () => {
    expect(nextAttemptDelayMs(failed({ class: 'misconfigured' }))).toBe(5 * MINUTE);
    const later = nextAttemptDelayMs(failed({ class: 'misconfigured', attempt: 9, elapsedMs: HOUR }));
    expect(later).toBeGreaterThanOrEqual(1280_000);
  });
  it('takes Retry-After as a floor', () => {
    expect(nextAttemptDelayMs(failed({ retryAfterMs: 90_000 }))).toBe(90_000);
    expect(nextAttemptDelayMs(failed({ retryAfterMs: 1 }))).toBeGreaterThanOrEqual(5000);
    expect(nextAttemptDelayMs(failed({ class: 'misconfigured', retryAfterMs: 400_000 }))).toBe(400_000);
  });
  it('waits no longer than a day for Retry-After', () => {
    expect(nextAttemptDelayMs(failed({ retryAfterMs: 90 * HOUR }))).toBe(24 * HOUR);
  });
  it('waits no longer for Retry-After than the window lasts', () => {
    const own = { ...durable, delays: [10, 10] };
    expect(nextAttemptDelayMs(failed({ delivery: own, retryAfterMs: HOUR }))).toBe(24_000);
    const second = failed({ delivery: own, retryAfterMs: HOUR, attempt: 2, elapsedMs: 24_000 });
    const delay = nextAttemptDelayMs(second);
    expect(delay).toBeGreaterThanOrEqual(10_000);
    expect(delay).toBeLessThanOrEqual(12_000);
  });

  it('leaves out the waits that floors have used up, so that the window stays', () => {
    const starts = play({}, () => ({ retryAfterMs: 24 * HOUR }));
    expect(starts.length).toBeLessThan(8);
    expect(starts.at(-1)).toBeGreaterThan(82 * HOUR);
  });
  it('ends, with an attempt no sooner than asked, whatever the receiver answers', () => {
    const answers = fc.array(
      fc.record({
        class: fc.constantFrom<AttemptClass>('transient', 'misconfigured'),
        retryAfterMs: fc.option(fc.integer({ min: 0, max: 30 * HOUR })),
      }),
      { minLength: 25, maxLength: 25 },
    );
    fc.assert(
      fc.property(answers, fc.constantFrom(durable, sinch), (given, delivery) => {
        const starts = play({ delivery }, (attempt) => given[attempt - 1] ?? {});
        const window = sum(delaysOf(delivery)) * 1000;
        expect(starts.length).toBeLessThanOrEqual(delaysOf(delivery).length + 1);
        // A full window and, at most, the last wait beyond what jitter and floors may take.
        expect(starts.at(-1)).toBeGreaterThanOrEqual(window * 0.75);
        expect(starts.at(-1)).toBeLessThanOrEqual(window * 1.2 + 13 * HOUR * 1.2);
      }),
    );
  });
});

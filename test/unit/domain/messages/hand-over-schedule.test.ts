import { describe, expect, it } from 'vitest';
import { handOverDelayMs, outcomeAwaitedUntil } from '../../../../domain/messages/hand-over-schedule.js';

describe('handOverDelayMs', () => {
  it('doubles from 1 s to at most 5 minutes', () => {
    expect([1, 2, 3, 9, 10, 50].map((attempt) => handOverDelayMs(attempt, null))).toEqual([
      1_000, 2_000, 4_000, 256_000, 300_000, 300_000,
    ]);
  });

  it('takes what the channel asked for as the floor', () => {
    expect(handOverDelayMs(1, 30_000)).toBe(30_000);
    expect(handOverDelayMs(6, 30_000)).toBe(32_000);
    expect(handOverDelayMs(20, 900_000)).toBe(900_000);
  });
});

describe('outcomeAwaitedUntil', () => {
  const since = '2026-11-01T12:00:00.000Z';
  const waited = (unresolved: number): number => outcomeAwaitedUntil(since, unresolved) - Date.parse(since);

  it('outlasts the time-out of a channel, and grows with the repeats', () => {
    expect([0, 1, 4, 5, 9, 30].map(waited)).toEqual([10_000, 10_000, 10_000, 16_000, 256_000, 300_000]);
  });
});

import { describe, expect, it } from 'vitest';
import { parseRetryAfter } from '../../../http-client/retry-after.js';

const NOW = Date.parse('2026-01-02T03:04:05Z');

describe('Retry-After', () => {
  it.each([
    [null, null],
    ['', null],
    ['0', 0],
    ['120', 120_000],
    [' 120 ', 120_000],
    ['Fri, 02 Jan 2026 03:05:05 GMT', 60_000],
    ['Fri, 02 Jan 2026 03:04:00 GMT', 0],
    ['Friday, 02-Jan-26 03:05:05 GMT', 60_000],
    ['Fri Jan  2 03:05:05 2026', 60_000],
    ['-5', null],
    ['1.5', null],
    ['soon', null],
    ['soon, please', null],
    ['99999999999', null],
  ])('%j → %s', (header, ms) => {
    expect(parseRetryAfter(header, NOW)).toBe(ms);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMoment, readProviderTime } from '../../../domain/moment.js';

describe('readMoment', () => {
  it.each([
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02t03:04:05z', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02T03:04:05.123456789Z', '2026-01-02T03:04:05.123Z'],
    ['2026-01-02T03:04:05.5+05:30', '2026-01-01T21:34:05.500Z'],
    ['2026-01-02T03:04:05-00:00', '2026-01-02T03:04:05.000Z'],
    ['2016-12-31T23:59:60Z', '2016-12-31T23:59:59.999Z'],
    ['2017-01-01T08:59:60.7+09:00', '2016-12-31T23:59:59.999Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ])('reads %s', (text, read) => {
    expect(new Date(readMoment(text) ?? NaN).toISOString()).toBe(read);
  });

  it.each([
    '',
    '2026-01-02',
    '2026-01-02T03:04:05',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-02T24:01:00Z',
  ])('reads no moment in %j', (text) => {
    expect(readMoment(text)).toBeUndefined();
  });

  it.each([
    '2026-01-02T03:04:61Z',
    '2026-01-02T03:60:00Z',
    '2026-01-02 03:04:05Z',
    '1767323045',
    'yesterday',
  ])('reads no moment in %j either', (text) => {
    expect(readMoment(text)).toBeUndefined();
  });

  it('reads whatever toISOString writes', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
        expect(readMoment(date.toISOString())).toBe(date.getTime());
        expect(readMoment(date.toISOString().toLowerCase())).toBe(date.getTime());
      }),
    );
  });
});

describe('readProviderTime', () => {
  it.each([
    '0001-01-01T00:00:00Z',
    '0001-01-01T00:00:00+02:00',
    '0000-01-01T00:00:00+12:00',
    '1970-01-01T00:00:00Z',
    'x',
    '',
  ])('takes %j for no time', (text) => {
    expect(readProviderTime(text)).toBeUndefined();
  });

  it('takes every other moment, also one that is far away', () => {
    expect(readProviderTime('2026-01-02T03:04:05Z')).toBe('2026-01-02T03:04:05.000Z');
    expect(readProviderTime('9999-12-31T23:59:59-12:00')).toBe('+010000-01-01T11:59:59.000Z');
    expect(readProviderTime(undefined)).toBeUndefined();
  });
});

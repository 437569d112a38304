import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonicalIdentity,
  CHANNELS,
  inboundIdentity,
  MAX_IDENTITY_LENGTH,
  PHONE_CHANNELS,
} from '../../../domain/identity.js';

const OTHER_CHANNELS = CHANNELS.filter((channel) => !PHONE_CHANNELS.some((phone) => phone === channel));
const phone = fc.constantFrom(...PHONE_CHANNELS);
const separator = fc.constantFrom('', ' ', '-', '.', '(', ')', '\u00a0', ' (');
const international = fc.stringMatching(/^[1-9][0-9]{2,14}$/);

/** A number with separators anywhere, also in front of its prefix. */
const spelling = fc
  .tuple(international, fc.constantFrom('', '+', '00'), fc.array(separator, { minLength: 20, maxLength: 20 }))
  .map(([digits, prefix, separators]) => ({
    digits,
    raw: [...(prefix + digits)].map((char, i) => (separators[i] ?? '') + char).join(''),
  }));

describe('canonicalIdentity', () => {
  it.each([
    ['46700000001', '46700000001'],
    ['+46700000001', '46700000001'],
    ['0046700000001', '46700000001'],
    ['+46 (70) 000-00.01', '46700000001'],
    ['(+46) 700000001', '46700000001'],
    [' 46700000001 ', '46700000001'],
    ['123', '123'],
    ['123456789012345', '123456789012345'],
  ])('reads %j on a phone channel', (raw, identity) => {
    for (const channel of PHONE_CHANNELS) {
      expect(canonicalIdentity(channel, raw)).toEqual({ ok: true, identity });
    }
  });

  it.each([
    ['0700000001', 'not-international'],
    ['+0700000001', 'not-international'],
    ['000700000001', 'not-international'],
    ['12', 'not-international'],
    ['1234567890123456', 'not-international'],
    ['++46700000001', 'not-international'],
    ['46700+000001', 'not-international'],
    ['ACME', 'not-international'],
    ['４６７００００００１', 'not-international'],
    ['', 'empty'],
    [' -()', 'empty'],
    ['+', 'empty'],
    ['00', 'empty'],
    ['1'.repeat(MAX_IDENTITY_LENGTH + 1), 'too-long'],
    ['46700000001' + ' '.repeat(MAX_IDENTITY_LENGTH), 'too-long'],
  ])('refuses %j on a phone channel: %s', (raw, problem) => {
    expect(canonicalIdentity('SMS', raw)).toEqual({ ok: false, problem });
  });

  it('takes other channels byte by byte', () => {
    for (const channel of [...OTHER_CHANNELS, 'SOMETHING_NEW']) {
      expect(canonicalIdentity(channel, ' +46 0-é')).toEqual({ ok: true, identity: ' +46 0-é' });
      expect(canonicalIdentity(channel, '')).toEqual({ ok: false, problem: 'empty' });
      const longest = 'x'.repeat(MAX_IDENTITY_LENGTH);
      expect(canonicalIdentity(channel, longest)).toEqual({ ok: true, identity: longest });
      expect(canonicalIdentity(channel, `${longest}x`)).toEqual({ ok: false, problem: 'too-long' });
    }
  });

  it('finds one identity behind every spelling of a number', () => {
    fc.assert(
      fc.property(phone, spelling, (channel, { digits, raw }) => {
        expect(canonicalIdentity(channel, raw)).toEqual({ ok: true, identity: digits });
        expect(inboundIdentity(channel, raw)).toBe(digits);
      }),
    );
  });

  it('never answers anything but 3–15 digits without a leading 0', () => {
    fc.assert(
      fc.property(phone, fc.string({ unit: fc.constantFrom(...'+0123 -.()a') }), (channel, raw) => {
        const result = canonicalIdentity(channel, raw);
        if (!result.ok) return;
        expect(result.identity).toMatch(/^[1-9][0-9]{2,14}$/);
        expect(canonicalIdentity(channel, result.identity)).toEqual(result);
        expect(inboundIdentity(channel, raw)).toBe(result.identity);
      }),
    );
  });
});

describe('inboundIdentity', () => {
  it.each([
    ['+46 70-000 00 01', '46700000001'],
    ['ACME Shop', 'ACME Shop'],
    [' A-1 ', ' A-1 '],
    ['12', '12'],
    ['0700000001', '0700000001'],
    ['070-000 00 01', '0700000001'],
    ['0000123', '0000123'],
    ['+00 123', '+00 123'],
    ['', ''],
  ])('reads the sender %j', (raw, identity) => {
    expect(inboundIdentity('SMS', raw)).toBe(identity);
    expect(inboundIdentity('TELEGRAM', raw)).toBe(raw);
  });

  it('answers the same when it reads its own answer', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'+0123 -.()a') }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...CHANNELS), anything, (channel, raw) => {
        const identity = inboundIdentity(channel, raw);
        expect(inboundIdentity(channel, identity)).toBe(identity);
      }),
    );
  });
});

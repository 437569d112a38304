import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHANNELS, OTHER_CHANNELS, PHONE_CHANNELS } from '../../../../domain/identity/channels.js';
import { EQUAL_NUMBERS, subscriberOf } from '../../../../domain/identity/equal-numbers.js';
import {
  inboundIdentity,
  MAX_IDENTITY_LENGTH,
  strictIdentity,
  subscriber,
  unnamedIdentity,
} from '../../../../domain/identity/identity.js';
import { CLEAR, EQUAL, UNCLEAR } from './identity-examples.js';

const phone = fc.constantFrom(...PHONE_CHANNELS);
const likeNumbers = fc.string({ unit: fc.constantFrom(...'+0123456789 -./()a,;%B@:') });
const withZeros = fc.stringMatching(
  /^\+?(?:44|46|49|39|52|54|55|7|36|1|225)[01589]{0,5}[0-9]{3,11}(?:\.0)?$/,
);
const anything = fc.oneof(fc.string({ unit: 'binary' }), likeNumbers, withZeros);

describe('what clearly is one number', () => {
  it.each(CLEAR)('%j is read as %s by everybody', (raw, digits) => {
    for (const channel of PHONE_CHANNELS) {
      expect(strictIdentity(channel, raw)).toEqual({ ok: true, identity: digits });
      expect(inboundIdentity(channel, raw)).toBe(digits);
    }
    expect(unnamedIdentity(raw)).toEqual({ ok: true, channel: 'SMS', identity: digits });
  });
});

describe('what is not clearly one number', () => {
  it.each(UNCLEAR)('%j is refused as %s, and as a sender it is %j', (raw, problem, inbound) => {
    expect(strictIdentity('SMS', raw)).toEqual({ ok: false, problem });
    expect(inboundIdentity('SMS', raw)).toBe(inbound);
  });

  it('is refused beyond its length', () => {
    const long = '1'.repeat(MAX_IDENTITY_LENGTH + 1);
    for (const channel of CHANNELS) {
      expect(strictIdentity(channel, long)).toEqual({ ok: false, problem: 'too-long' });
    }
    expect(strictIdentity('SMS', '46700000001' + ' '.repeat(MAX_IDENTITY_LENGTH))).toMatchObject({
      ok: false,
    });
  });

  it('is never taken for something else where no channel is named', () => {
    for (const [raw] of UNCLEAR.filter(([text]) => !/^[A-Z1-9].*[A-Z@]/u.test(text) && text.length !== 16)) {
      expect([raw, unnamedIdentity(raw).ok]).toEqual([raw, false]);
    }
  });
});

describe('one subscriber', () => {
  it.each(EQUAL)('%s', (canonical, ...spellings) => {
    for (const spelling of [canonical, ...spellings]) {
      expect(subscriber('WHATSAPP', spelling)).toEqual({ family: 'phone', canonical });
    }
  });

  it('has one form that no other row leads on from', () => {
    const digits = fc.stringMatching(/^(?:52|54|55|229)[0-9]{8,11}$/);
    fc.assert(
      fc.property(digits, (digitsSent) => {
        const number = inboundIdentity('SMS', digitsSent);
        expect(subscriberOf(subscriberOf(number))).toBe(subscriberOf(number));
        expect(inboundIdentity('SMS', subscriberOf(number))).toBe(subscriberOf(number));
      }),
      { numRuns: 2_000 },
    );
    for (const { source } of EQUAL_NUMBERS) expect(source).not.toBe('');
  });

  it('is another one on every channel without phone numbers, byte by byte', () => {
    for (const channel of [...OTHER_CHANNELS, 'SOMETHING_NEW']) {
      expect(subscriber(channel, ' +46 0-é')).toEqual({ family: channel, canonical: ' +46 0-é' });
      expect(strictIdentity(channel, ' +46 0-é')).toEqual({ ok: true, identity: ' +46 0-é' });
      expect(strictIdentity(channel, '')).toEqual({ ok: false, problem: 'empty' });
    }
  });
});

describe('an identity without a channel', () => {
  it.each([
    'U4af4980629',
    'ann@example.com',
    'urn:mbid:AQAAYc',
    'o6_bmjrPTlm6_2sgVt7hMZOPfL2M',
    '1254459154682919',
  ])('%s means every channel without phone numbers', (identity) => {
    expect(unnamedIdentity(identity)).toEqual({ ok: true, channel: null, identity });
  });

  it.each([
    '46700000004.0',
    '4.67E+10',
    '46700000001ext5',
    '+46 70 x',
    'tel:abc',
    '-1001234567890',
    'two words',
  ])('%s is a slip', (identity) => {
    expect(unnamedIdentity(identity).ok).toBe(false);
  });
});

describe('for any text', () => {
  it('a caller is answered 3–15 digits without a leading 0, and a sender of that text is the same', () => {
    fc.assert(
      fc.property(phone, anything, (channel, raw) => {
        const read = strictIdentity(channel, raw);
        if (!read.ok) return;
        expect(read.identity).toMatch(/^[1-9][0-9]{2,14}$/);
        expect(strictIdentity(channel, read.identity)).toEqual(read);
        expect(inboundIdentity(channel, raw)).toBe(read.identity);
      }),
      { numRuns: 5_000 },
    );
  });

  it('a sender is read the same when its own reading is read', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CHANNELS), anything, (channel, raw) => {
        const identity = inboundIdentity(channel, raw);
        expect(inboundIdentity(channel, identity)).toBe(identity);
      }),
      { numRuns: 5_000 },
    );
  });
});

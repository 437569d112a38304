import fc from 'fast-check';
import { getExampleNumber, getCountries } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { describe, expect, it } from 'vitest';
import {
  inboundIdentity,
  strictIdentity,
  subscriber,
  unnamedIdentity,
} from '../../../../domain/identity/identity.js';

const ZEROS = ['٠', '०', '０', '𝟎'].map((zero) => zero.codePointAt(0) ?? 0);
const inScript = (digits: string, script: number): string =>
  [...digits].map((digit) => String.fromCodePoint((ZEROS[script] ?? 0) + Number(digit))).join('');

/** How one number is written in the world, national forms excepted. */
function spellingsOf(number: {
  readonly number: string;
  formatInternational(): string;
  getURI(): string;
}): string[] {
  const digits = number.number.slice(1);
  const international = number.formatInternational();
  return [
    digits,
    `+${digits}`,
    `00${digits}`,
    `++${digits}`,
    ` ${digits} `,
    international,
    international.replaceAll(' ', '-'),
    international.replaceAll(' ', '\u2011'),
    international.replaceAll(' ', '\u00a0'),
    international.replaceAll(' ', '.'),
    international.replace(/ (\S+)/u, ' ($1)'),
    number.getURI(),
    `sms:+${digits}`,
    `whatsapp:+${digits}`,
    `${digits}@s.whatsapp.net`,
    `${digits}@c.us`,
    `%2B${digits}`,
    `\u202a+${digits}\u202c`,
    [...digits].join('\u200b'),
    ...ZEROS.map((_, script) => inScript(digits, script)),
  ];
}

describe('the example mobile number of every region', () => {
  const regions = getCountries();

  it('is there for all of them', () => {
    expect(regions.length).toBeGreaterThanOrEqual(245);
  });

  it.each(regions)('of %s is one contact in every spelling', (region) => {
    const example = getExampleNumber(region, examples);
    if (example === undefined) throw new Error(`no example for ${region}`);
    const { canonical } = subscriber('SMS', example.number);
    const spellings = spellingsOf(example);
    expect(spellings.length).toBeGreaterThanOrEqual(12);
    for (const spelling of spellings) {
      expect([spelling, subscriber('SMS', spelling).canonical]).toEqual([spelling, canonical]);
      expect([spelling, inboundIdentity('WHATSAPP', spelling)]).toEqual([spelling, example.number.slice(1)]);
      const read = { ok: true, identity: example.number.slice(1) };
      expect([spelling, strictIdentity('SMS', spelling)]).toEqual([spelling, read]);
      expect([spelling, unnamedIdentity(spelling)]).toEqual([spelling, { ...read, channel: 'SMS' }]);
    }
  });
});

describe('a random text', () => {
  const pieces = fc.oneof(
    fc.constantFrom(
      '+',
      '00',
      '0',
      '(0)',
      ' ',
      '-',
      '.',
      '/',
      'tel:',
      '@c.us',
      ';ext=1',
      ',',
      'x',
      '%2B',
      '\u200b',
    ),
    fc.stringMatching(/^[0-9]{1,6}$/),
    fc.constantFrom('46', '44', '1', '7', '39', '55', '54', '52', '229'),
  );
  const texts = fc.array(pieces, { maxLength: 12 }).map((all) => all.join(''));

  /** Digits of a text, as anybody would pick them out, with a trunk prefix and the forms of equal numbers left open. */
  const spelled = (text: string): string =>
    text
      .replaceAll('%2B', '+')
      .replace(/;[a-z].*$/u, '')
      .replaceAll(/[^0-9]/gu, '');
  const isWithin = (digits: string, all: string): boolean => {
    let from = 0;
    for (const digit of digits) {
      from = all.indexOf(digit, from) + 1;
      if (from === 0) return false;
    }
    return true;
  };

  it('never reaches a contact whose digits it does not spell', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const address = inboundIdentity('SMS', text);
        if (address === text && !/^[0-9]+$/u.test(text)) return;
        // Argentina's 15 behind the area is the 9 before it.
        if (address.startsWith('549')) return;
        expect(isWithin(address, spelled(text))).toBe(true);
        // Besides signs, only prefixes that are dialled before a number may go.
        expect(spelled(text).length - address.length).toBeLessThanOrEqual(5);
      }),
      { numRuns: 10_000 },
    );
  });
});

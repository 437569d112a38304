import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildMatcher, matchText } from '../../../../domain/consent/keywords.js';
import { DEFAULT_CONSENT_SETTINGS, type ConsentSettings } from '../../../../domain/settings.js';

const withUs: ConsentSettings = { ...DEFAULT_CONSENT_SETTINGS, keywordSets: ['SINCH', 'US'] };
const us = buildMatcher(withUs);
const withOwn = (...words: string[]) =>
  buildMatcher({
    ...DEFAULT_CONSENT_SETTINGS,
    keywords: [
      { language: 'EN', listType: 'OPT_OUT_ALL', direction: 'OPT_OUT', words, replaceDefaults: false },
    ],
  });
const direction = (matcher: typeof us, text: string) => matchText(matcher, text)?.direction ?? null;

/** One of each kind that nobody sees. */
const UNSEEN = [
  ...[
    '\u200b',
    '\u200c',
    '\u200d',
    '\u200e',
    '\u200f',
    '\u202a',
    '\u202c',
    '\u2060',
    '\u2066',
    '\u2069',
    '\ufeff',
    '\u00ad',
  ],
  ...[
    '\u034f',
    '\u115f',
    '\u1160',
    '\u3164',
    '\uffa0',
    '\u17b4',
    '\u180e',
    '\u2800',
    '\ufe00',
    '\ufe0e',
    '\ufe0f',
  ],
  ...[
    '\u0000',
    '\u0007',
    '\u001b',
    '\u007f',
    '\u0085',
    '\u009f',
    '\u{e0001}',
    '\u{e0020}',
    '\u{e0100}',
    '\u{1d173}',
  ],
];
const EMOJI = [
  '🛑',
  '⛔️',
  '✋🏽',
  '👎',
  '😡',
  '👨‍👩‍👧',
  '🇸🇪',
  '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
  '❤️',
  '🙏🙏',
  '™️',
];

describe('under the set US', () => {
  it.each(['STOP‼', 'STOP‼️', 'STOP ⁉️', 'STOP〰️', '\u200dSTOP\u200c', 'stop ❗️', '“STOP”'])(
    '%j is STOP',
    (text) => {
      expect(direction(us, text)).toBe('OPT_OUT');
    },
  );

  it.each(UNSEEN.map((char) => [char.codePointAt(0)?.toString(16), char]))(
    'U+%s says nothing',
    (_name, char) => {
      for (const text of [`${char}STOP`, `STOP${char}`, `ST${char}OP`, `${char}opt${char}out${char}`]) {
        expect(direction(us, text)).toBe('OPT_OUT');
      }
    },
  );

  it.each(EMOJI)('%s behind a word says nothing', (emoji) => {
    for (const text of [`STOP${emoji}`, `stop ${emoji}`, `STOP! ${emoji}${emoji}`]) {
      expect([text, direction(us, text)]).toEqual([text, 'OPT_OUT']);
    }
    expect(direction(us, emoji)).toBeNull();
    expect(direction(us, `please STOP ${emoji}`)).toBeNull();
  });

  it('is read the same with anything unseen anywhere', () => {
    const word = fc.constantFrom('STOP', 'quit', 'Opt-Out', 'UNSTOP', 'HELP', 'nothing', 'stop it');
    const marks = fc.array(fc.constantFrom(...UNSEEN), { minLength: 30, maxLength: 30 });
    fc.assert(
      fc.property(word, marks, fc.nat(5), (text, unseen, every) => {
        const marked = [...text]
          .map((char, i) => (i % (every + 1) === 0 ? (unseen[i] ?? '') : '') + char)
          .join('');
        expect(direction(us, marked + (unseen[29] ?? ''))).toBe(direction(us, text));
      }),
    );
  });
});

describe('own words', () => {
  it.each([
    ['⛔', '⛔️'],
    ['⛔️', '⛔'],
    ['הסר', '\u200fהסר'],
    ['ALTO\u200b', 'ALTO'],
    ['ALTO', '\u2066ALTO\u2069'],
    ['no\u00admore', 'NO MORE'.replace(' ', '')],
  ])('that look the same are the same: %j, %j', (word, text) => {
    expect(direction(withOwn(word), text)).toBe('OPT_OUT');
  });

  it('keep their punctuation, and words of the set SINCH are compared as they are written', () => {
    expect(direction(withOwn('ALTO'), 'ALTO!')).toBeNull();
    expect(direction(withOwn('ALTO'), 'STOP\u200b')).toBeNull();
  });
});

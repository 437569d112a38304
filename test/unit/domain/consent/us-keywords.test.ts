import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_KEYWORDS } from '../../../../domain/consent/keyword-table.js';
import { buildMatcher, matchText } from '../../../../domain/consent/keywords.js';
import { DEFAULT_CONSENT_SETTINGS, type ConsentSettings } from '../../../../domain/settings.js';

// The set of US numbers: what the law and the carriers name, whatever stands around the letters. Never 'contains'.

const withUs: ConsentSettings = { ...DEFAULT_CONSENT_SETTINGS, keywordSets: ['SINCH', 'US'] };
const matcher = buildMatcher(withUs);
const STOP = { listType: 'OPT_OUT_ALL', direction: 'OPT_OUT', language: 'EN' };
const UNSTOP = { listType: 'OPT_OUT_ALL', direction: 'OPT_IN', language: 'EN' };
const HELP = { direction: 'HELP', language: 'EN' };

/** The test's own table. */
const MEANINGS: readonly (readonly [string, object])[] = [
  ...['stop', 'quit', 'end', 'revoke', 'opt out', 'cancel', 'unsubscribe'].map(
    (word) => [word, STOP] as const,
  ),
  ...['stopall', 'optout', 'opt-out'].map((word) => [word, STOP] as const),
  ['unstop', UNSTOP],
  ['help', HELP],
  ['info', HELP],
];

const corpus = readFileSync(resolve(import.meta.dirname, '../../../fixtures/sms-spam-collection.tsv'), 'utf8')
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line) => line.slice(line.indexOf('\t') + 1));

const around = fc
  .array(fc.constantFrom(...' .,!?"\'()[]{}-_*#@&/\\:;…“”¿¡\t\n\r\u00a0\u200b\u2060\ufeff$+<=>^`|~´'), {
    maxLength: 4,
  })
  .map((parts) => parts.join(''));

describe('the words of the set US', () => {
  it('are these, for ever: events name the set, not its words', () => {
    expect(
      DEFAULT_KEYWORDS.US.flatMap(({ cell, words }) => words.map((word) => [word.toLowerCase(), cell])),
    ).toEqual(MEANINGS);
  });

  it.each(MEANINGS)(
    '%s is read in any case, whatever punctuation and space stands around and within',
    (word, cell) => {
      const letters = [...word.replace(/[^a-z]/g, '')];
      const gaps = fc.array(around, { minLength: letters.length + 1, maxLength: letters.length + 1 });
      const ups = fc.array(fc.boolean(), { minLength: letters.length, maxLength: letters.length });
      fc.assert(
        fc.property(gaps, ups, (between, upper) => {
          const cased = letters.map((letter, n) => (upper[n] ? letter.toUpperCase() : letter));
          const text = cased.reduce(
            (so, letter, n) => so + letter + (between[n + 1] ?? ''),
            between[0] ?? '',
          );
          expect(matchText(matcher, text)).toEqual(cell);
        }),
        { numRuns: 200 },
      );
    },
  );

  it('are read when nothing but one more letter or digit changes their meaning: then not', () => {
    const known = new Set(MEANINGS.map(([word]) => word.replace(/[^a-z]/g, '')));
    const word = fc.constantFrom(...known);
    const extra = fc.string({
      unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789é中'),
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(word, extra, fc.nat(12), around, (base, more, at, gap) => {
        const place = at % (base.length + 1);
        const text = base.slice(0, place) + gap + more + gap + base.slice(place);
        fc.pre(!known.has(text.toLowerCase().replace(/[^\p{L}\p{N}\p{So}]/gu, '')));
        expect(matchText(buildMatcher({ ...withUs, keywordSets: ['US'] }), text)).toBeNull();
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ...['please stop', 'stop please', 'stop 12345', 'We have got to STOP this bill', 'cancel my order'],
    ...[
      'the end',
      'ends',
      'weekend',
      'helpful',
      'help me',
      'more info',
      'information',
      'quit smoking',
      'dont stop',
    ],
    ...[
      'opt',
      'out',
      'opt in',
      'STOP STOP',
      'stop quit',
      '🛑',
      '🛑 STOP',
      'ST🛑OP',
      'don’t stop',
      'unsubscribed',
      'ＳＴＯＰ',
    ],
    ...['', '...', ' - '],
  ])('are not hit by %j', (text) => {
    expect(matchText(matcher, text)).toBeNull();
  });

  it('are what they are also where accents are folded', () => {
    const folded = buildMatcher({ ...withUs, accentFolding: true });
    expect(matchText(folded, 'Stóp.')).toEqual(STOP);
    expect(matchText(matcher, 'Stóp.')).toBeNull();
  });

  it('leave the words of the other set as they are: compared as written', () => {
    expect(matchText(matcher, 'START.')).toBeNull();
    expect(matchText(matcher, 'STOP MARKETING.')).toBeNull();
    expect(matchText(matcher, 'start')).toEqual(UNSTOP);
  });

  it('count only where the set and its language are on', () => {
    const not = [DEFAULT_CONSENT_SETTINGS, { ...withUs, languages: ['ES', 'PT'] as const }];
    for (const settings of not) {
      expect(['quit', 'help', 'opt out'].map((text) => matchText(buildMatcher(settings), text))).toEqual([
        null,
        null,
        null,
      ]);
    }
  });
});

describe('5,574 real messages under SINCH and US', () => {
  const letters = (text: string): string => text.replace(/[^\p{L}\p{N}\p{So}\p{M}]/gu, '');

  it('are none of them a keyword, though 735 contain one', () => {
    const words = MEANINGS.map(([word]) => word);
    expect(corpus).toHaveLength(5_574);
    expect(corpus.filter((text) => words.some((word) => text.toLowerCase().includes(word)))).toHaveLength(
      735,
    );
    expect(corpus.filter((text) => matchText(matcher, text) !== null)).toEqual([]);
  });

  it('stay none with STOP before or behind, but for those that are punctuation only', () => {
    const hit = corpus.filter(
      (text) => matchText(matcher, `STOP ${text}`) !== null || matchText(matcher, `${text} STOP`) !== null,
    );
    expect(hit.map(letters).filter((rest) => rest !== '')).toEqual([]);
    expect(hit).toEqual([':) ', ':-) :-)']);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findConflicts } from '../../../../domain/consent/keyword-conflicts.js';
import { buildMatcher, matchText } from '../../../../domain/consent/keywords.js';
import { nameOf } from '../../../../domain/consent/live-words.js';
import { LIST_TYPES } from '../../../../domain/lists.js';
import {
  DEFAULT_CONSENT_SETTINGS,
  LANGUAGES,
  type ConsentSettings,
  type KeywordCell,
} from '../../../../domain/settings.js';

const STOP = { language: 'EN', listType: 'OPT_OUT_ALL', direction: 'OPT_OUT' } as const;
const START = { language: 'EN', listType: 'OPT_OUT_ALL', direction: 'OPT_IN' } as const;

function withCells(...keywords: KeywordCell[]): ConsentSettings {
  return { ...DEFAULT_CONSENT_SETTINGS, keywords };
}

describe('own words of an app', () => {
  it('are added to the defaults of their cell', () => {
    const matcher = buildMatcher(withCells({ ...STOP, words: ['Adiós  ya'], replaceDefaults: false }));
    expect(matchText(matcher, 'ADIÓS YA')).toEqual(STOP);
    expect(matchText(matcher, 'STOP')).toEqual(STOP);
  });

  it('replace the defaults of their cell only, where told to', () => {
    const matcher = buildMatcher(withCells({ ...STOP, words: ['QUIT'], replaceDefaults: true }));
    expect(matchText(matcher, 'QUIT')).toEqual(STOP);
    expect(matchText(matcher, 'STOP')).toBeNull();
    expect(matchText(matcher, 'START')).toEqual(START);
    expect(matchText(matcher, 'SALIR')).toEqual({ ...STOP, language: 'ES' });
  });

  it('do not count in a language that is not enabled', () => {
    const settings: ConsentSettings = {
      ...withCells({ ...STOP, language: 'PT', words: ['STOP', 'SAIR'], replaceDefaults: false }),
      languages: ['EN'],
    };
    expect(matchText(buildMatcher(settings), 'SAIR')).toBeNull();
    expect(findConflicts(settings)).toEqual([]);
  });

  it('of blanks never match a blank text', () => {
    const matcher = buildMatcher(withCells({ ...STOP, words: ['', ' \u00a0'], replaceDefaults: false }));
    expect(matchText(matcher, '')).toBeNull();
    expect(matchText(matcher, '  ')).toBeNull();
  });
});

describe('findConflicts', () => {
  const named = (settings: ConsentSettings) =>
    findConflicts(settings).map(({ first, second }) => [first, second].map(({ place }) => place));
  const SINCH = { from: 'set', set: 'SINCH' };
  const own = (cell: number, word: number) => ({ from: 'keywords', cell, word });

  it('names both places and meanings, for own words against defaults', () => {
    const settings = withCells({ ...START, words: ['bye', ' Stop '], replaceDefaults: false });
    expect(findConflicts(settings)).toMatchObject([
      { first: { meaning: STOP, place: SINCH }, second: { meaning: START, place: own(0, 1) } },
    ]);
    expect(matchText(buildMatcher(settings), 'stop')).toEqual(STOP);
  });

  it('sees two own words, another list, and another language of the same list', () => {
    const marketing = { ...STOP, listType: 'OPT_OUT_MARKETING' } as const;
    const spanish = { ...STOP, language: 'ES' } as const;
    const settings = withCells(
      { ...STOP, words: ['BYE'], replaceDefaults: false },
      { ...marketing, words: ['', 'bye'], replaceDefaults: false },
      { ...spanish, words: ['Stop'], replaceDefaults: false },
    );
    expect(named(settings)).toEqual([
      [own(0, 0), own(1, 1)],
      [SINCH, own(2, 0)],
    ]);
  });

  it('finds none where a word is only repeated in its own cell', () => {
    expect(
      findConflicts(withCells({ ...STOP, words: ['stop', 'BYE', 'bye'], replaceDefaults: false })),
    ).toEqual([]);
  });

  it('finds none where the other meaning was replaced', () => {
    const settings = withCells(
      { ...STOP, words: ['QUIT'], replaceDefaults: true },
      { ...START, words: ['STOP'], replaceDefaults: false },
    );
    expect(findConflicts(settings)).toEqual([]);
    expect(matchText(buildMatcher(settings), 'STOP')).toEqual(START);
  });

  it('counts words that only accents tell apart as one, where accents are folded', () => {
    const settings = withCells(
      { ...STOP, words: ['sé'], replaceDefaults: false },
      { ...START, words: ['se'], replaceDefaults: false },
    );
    expect(findConflicts(settings)).toEqual([]);
    expect(findConflicts({ ...settings, accentFolding: true })).toHaveLength(1);
  });

  it('is empty exactly when every live word means its cell', () => {
    const cell = fc.record({
      language: fc.constantFrom(...LANGUAGES),
      listType: fc.constantFrom(...LIST_TYPES),
      direction: fc.constantFrom('OPT_OUT' as const, 'OPT_IN' as const),
      words: fc.array(fc.constantFrom('stop', 'salir', 'A', 'b', 'B', 'é', 'e'), { maxLength: 3 }),
      replaceDefaults: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 4 }), fc.boolean(), (keywords, accentFolding) => {
        const settings: ConsentSettings = { ...DEFAULT_CONSENT_SETTINGS, keywords, accentFolding };
        const matcher = buildMatcher(settings);
        const unambiguous = keywords.every(({ language, listType, direction, words }) =>
          words.every((word) => {
            const hit = matchText(matcher, word);
            return hit !== null && nameOf(hit) === nameOf({ language, listType, direction });
          }),
        );
        expect(findConflicts(settings).length === 0).toBe(unambiguous);
      }),
      { numRuns: 500 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findConflicts } from '../../../../domain/consent/keyword-conflicts.js';
import { DEFAULT_KEYWORDS } from '../../../../domain/consent/keyword-table.js';
import { nameOf } from '../../../../domain/consent/live-words.js';
import { LIST_TYPES } from '../../../../domain/lists.js';
import {
  DEFAULT_CONSENT_SETTINGS,
  LANGUAGES,
  type ConsentSettings,
  type HelpCell,
  type KeywordCell,
} from '../../../../domain/settings.js';
import { bareText, normaliseText } from '../../../../domain/consent/text-forms.js';

// Conflicts over sets that compare in different ways; those of own words among each other are in own-keywords.test.ts.

const START = { language: 'EN', listType: 'OPT_OUT_ALL', direction: 'OPT_IN' } as const;
const STOP = { ...START, direction: 'OPT_OUT' } as const;
const US = { from: 'set', set: 'US' };

function withUs(change: Partial<ConsentSettings>): ConsentSettings {
  return { ...DEFAULT_CONSENT_SETTINGS, keywordSets: ['SINCH', 'US'], ...change };
}
const cell = (where: typeof START | typeof STOP, ...words: string[]): KeywordCell => ({
  ...where,
  words,
  replaceDefaults: false,
});
const help = (...words: string[]): HelpCell => ({ language: 'EN', words, replaceDefaults: false });
const named = (settings: ConsentSettings) =>
  findConflicts(settings).map(({ first, second }) => [first.place, second.place]);

/** Every subset of the sets, in both orders. */
const CHOICES = [[], ['SINCH'], ['US'], ['SINCH', 'US'], ['US', 'SINCH']] as const;

describe('findConflicts, where a set ignores punctuation', () => {
  it.each(CHOICES.map((keywordSets) => ({ keywordSets })))(
    'finds none among the sets themselves: %j',
    (sets) => {
      for (const accentFolding of [true, false]) {
        expect(findConflicts(withUs({ ...sets, accentFolding }))).toEqual([]);
      }
    },
  );

  it('finds an own word that the set reads as something else, with its punctuation too', () => {
    const own = (word: number) => [US, { from: 'keywords', cell: 1, word }];
    expect(
      named(withUs({ keywords: [cell(STOP, 'bye'), cell(START, 'ok', 'Quit', 'c a n c e l!', 'in-fo')] })),
    ).toEqual([1, 2, 3].map(own));
  });

  it('finds a word for help that the set reads as a stop, and the other way round', () => {
    expect(named(withUs({ help: [help('end')] }))).toEqual([[US, { from: 'help', cell: 0, word: 0 }]]);
    expect(named(withUs({ keywords: [cell(STOP, 'HELP')] }))).toEqual([
      [US, { from: 'keywords', cell: 0, word: 0 }],
    ]);
    expect(
      named(withUs({ keywordSets: ['SINCH'], keywords: [cell(STOP, 'aid')], help: [help('AID')] })),
    ).toEqual([
      [
        { from: 'keywords', cell: 0, word: 0 },
        { from: 'help', cell: 0, word: 0 },
      ],
    ]);
  });

  it('finds none where they agree, where the set is off, and where its meaning was replaced', () => {
    expect(findConflicts(withUs({ keywords: [cell(STOP, 'e.n.d')], help: [help('info?')] }))).toEqual([]);
    expect(findConflicts(withUs({ keywordSets: ['SINCH'], keywords: [cell(START, 'end')] }))).toEqual([]);
    const instead = { ...help('aid'), replaceDefaults: true };
    expect(findConflicts(withUs({ keywords: [cell(START, 'info')], help: [instead] }))).toEqual([]);
  });

  it('keeps own words apart that only punctuation tells apart', () => {
    expect(findConflicts(withUs({ keywords: [cell(STOP, 'a-b', '!'), cell(START, 'a.b', '?')] }))).toEqual(
      [],
    );
  });
});

describe('findConflicts against texts', () => {
  const word = fc.constantFrom(
    'end',
    'E-n-d',
    'info',
    ' In Fo',
    'stop',
    'bye',
    'b.ye',
    'bye!',
    'é',
    'e',
    '!',
    '?',
  );
  const words = fc.array(word, { maxLength: 3 });
  const consent = fc.record({
    keywordSets: fc.constantFrom(...CHOICES),
    accentFolding: fc.boolean(),
    languages: fc.constantFrom(LANGUAGES, ['EN'] as const, ['ES', 'EN'] as const),
    keywords: fc.array(
      fc.record({
        language: fc.constantFrom(...LANGUAGES),
        listType: fc.constantFrom(...LIST_TYPES),
        direction: fc.constantFrom('OPT_OUT' as const, 'OPT_IN' as const),
        words,
        replaceDefaults: fc.boolean(),
      }),
      { maxLength: 3 },
    ),
    help: fc.array(
      fc.record({ language: fc.constantFrom(...LANGUAGES), words, replaceDefaults: fc.boolean() }),
      { maxLength: 2 },
    ),
  });

  /** Everything that a text means, looked up word by word in the slowest way. */
  function meaningsOf(text: string, settings: ConsentSettings): ReadonlySet<string> {
    const form = (of: string): string => normaliseText(of, settings);
    const own = [
      ...settings.keywords.map((one) => ({ ...one, name: nameOf(one) })),
      ...(settings.help ?? []).map((one) => ({ ...one, name: `${one.language} HELP` })),
    ].filter(({ language }) => settings.languages.includes(language));
    const replaced = own.filter((one) => one.replaceDefaults).map(({ name }) => name);
    const hits = own
      .filter((one) => one.words.some((own) => form(own) === form(text)))
      .map(({ name }) => name);
    for (const set of settings.keywordSets) {
      const compared = (of: string): string => (set === 'US' ? bareText(form(of)) : form(of));
      for (const { cell, words } of DEFAULT_KEYWORDS[set]) {
        if (!settings.languages.includes(cell.language) || replaced.includes(nameOf(cell))) continue;
        if (words.some((one) => compared(one) === compared(text))) hits.push(nameOf(cell));
      }
    }
    return new Set(hits);
  }

  it('is empty exactly when no text has two meanings', () => {
    let refused = 0;
    fc.assert(
      fc.property(consent, (change) => {
        const settings = withUs(change);
        // The sets agree among themselves (see above), so a text with two meanings is an own word.
        const texts = new Set([...change.keywords, ...change.help].flatMap(({ words }) => words));
        const ambiguous = [...texts].some((text) => meaningsOf(text, settings).size > 1);
        if (ambiguous) refused += 1;
        expect(findConflicts(settings).length > 0).toBe(ambiguous);
      }),
      { numRuns: 400 },
    );
    // Both answers have to occur, or the property says nothing.
    expect(refused).toBeGreaterThan(40);
    expect(refused).toBeLessThan(360);
  });
});

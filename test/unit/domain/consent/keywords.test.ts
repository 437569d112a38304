import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_KEYWORDS } from '../../../../domain/consent/keyword-table.js';
import { findConflicts } from '../../../../domain/consent/keyword-conflicts.js';
import { buildMatcher, matchText } from '../../../../domain/consent/keywords.js';
import { LIST_TYPES } from '../../../../domain/lists.js';
import { DEFAULT_CONSENT_SETTINGS, LANGUAGES, type ConsentSettings } from '../../../../domain/settings.js';
import { normaliseText } from '../../../../domain/consent/text-forms.js';

const plain = { accentFolding: false };
const folding = { accentFolding: true };
const defaults = buildMatcher(DEFAULT_CONSENT_SETTINGS);
const defaultWords = DEFAULT_KEYWORDS.SINCH.flatMap(({ cell, words }) =>
  words.map((word) => ({ word, cell })),
);

function matcherOf(changes: Partial<ConsentSettings>) {
  return buildMatcher({ ...DEFAULT_CONSENT_SETTINGS, ...changes });
}

describe('the default keywords', () => {
  it('fill every cell with two words and one technical token', () => {
    for (const language of LANGUAGES) {
      for (const listType of LIST_TYPES) {
        for (const direction of ['OPT_OUT', 'OPT_IN'] as const) {
          const rows = DEFAULT_KEYWORDS.SINCH.filter(
            ({ cell }) =>
              cell.language === language && cell.listType === listType && cell.direction === direction,
          );
          expect(rows).toHaveLength(1);
          const [way, list] = [direction === 'OPT_OUT' ? 'OptOut' : 'OptIn', listType.slice(8).toLowerCase()];
          const token = `${way}_${list.charAt(0).toUpperCase()}${list.slice(1)}_${language}`;
          expect(rows[0]?.words).toHaveLength(3);
          expect(rows[0]?.words[2]).toBe(token);
        }
      }
    }
    expect(DEFAULT_KEYWORDS.SINCH).toHaveLength(18);
  });

  it('have no word with two meanings, with and without accents', () => {
    expect(findConflicts(DEFAULT_CONSENT_SETTINGS)).toEqual([]);
    expect(findConflicts({ ...DEFAULT_CONSENT_SETTINGS, accentFolding: true })).toEqual([]);
    expect([defaults.exact.size, defaults.bare.size]).toEqual([54, 0]);
  });

  it.each(defaultWords)('$word means its cell in every case and spacing', ({ word, cell }) => {
    const blank = fc.constantFrom(
      ' ',
      '  ',
      '\t',
      '\n',
      '\r\n',
      '\u00a0',
      '\u0085',
      '\u2003',
      '\u3000',
      '\ufeff',
    );
    const blanks = fc.array(blank, { maxLength: 3 }).map((parts) => parts.join(''));
    const upper = fc.array(fc.boolean(), { minLength: word.length, maxLength: word.length });
    const form = fc.constantFrom('NFC' as const, 'NFD' as const);
    fc.assert(
      fc.property(upper, form, blanks, blanks, blank, (ups, unicodeForm, before, after, inner) => {
        const cased = [...word].map((char, i) => (ups[i] ? char.toUpperCase() : char.toLowerCase())).join('');
        const text = before + cased.normalize(unicodeForm).replaceAll(' ', inner) + after;
        expect(matchText(defaults, text)).toEqual(cell);
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    undefined,
    '',
    '   ',
    'stop now please',
    'please stop',
    'STOP.',
    'STOP!',
    '"STOP"',
    'S T O P',
    'STOPMARKETING',
    'STOP-MARKETING',
    'ＳＴＯＰ',
    'DETENER NOTIFICACION',
    'PARAR NOTIFICACAO',
    'OptOut All EN',
    'STOP\u200b',
  ])('are not hit by %j', (text) => {
    expect(matchText(defaults, text)).toBeNull();
  });

  it('are hit without accents only where that is switched on', () => {
    const folded = matcherOf({ accentFolding: true });
    const cell = { language: 'ES', listType: 'OPT_OUT_NOTIFICATION', direction: 'OPT_OUT' };
    expect(matchText(folded, 'detener notificacion')).toEqual(cell);
    expect(matchText(folded, 'DETENER NOTIFICACIÓN')).toEqual(cell);
    expect(matchText(folded, 'PARAR NOTIFICACAO')).toEqual({ ...cell, language: 'PT' });
  });

  it('count only for enabled languages and sets', () => {
    const spanish = matcherOf({ languages: ['ES'] });
    expect(matchText(spanish, 'STOP')).toBeNull();
    expect(matchText(spanish, 'SALIR')).not.toBeNull();
    expect(matcherOf({ keywordSets: [] }).exact.size).toBe(0);
    expect(matcherOf({ languages: [] }).exact.size).toBe(0);
  });
});

describe('normaliseText', () => {
  it.each([
    ['straße', 'STRASSE'],
    ['STRAẞE', 'strasse'],
    ['UNSUBSCRİBE', 'unsubscribe'],
    ['unsubscrıbe', 'UNSUBSCRIBE'],
    ['ΟΔΟΣ', 'οδοσ'],
    ['a\u0301', 'Á'],
  ])('holds %j and %j for one word', (a, b) => {
    expect(normaliseText(a, plain)).toBe(normaliseText(b, plain));
  });

  it('keeps punctuation and letters with other accents apart', () => {
    expect(normaliseText('opt-out!', plain)).toBe('opt-out!');
    expect(normaliseText('ação', plain)).not.toBe(normaliseText('acao', plain));
  });

  it('drops Latin accents but no vowel signs of other scripts when told to fold', () => {
    expect(normaliseText('AÇÃO ñ Ž', folding)).toBe('acao n z');
    expect(normaliseText('की', folding)).not.toBe(normaliseText('का', folding));
  });

  it('changes nothing the second time, and nothing for another Unicode form', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'iIıİßẞΣσςéÉ \u0301\u0307\u0323\u00a0') }),
    );
    fc.assert(
      fc.property(text, fc.constantFrom(plain, folding), (raw, options) => {
        const once = normaliseText(raw, options);
        expect(normaliseText(once, options)).toBe(once);
        expect(normaliseText(raw.normalize('NFD'), options)).toBe(once);
      }),
      { numRuns: 500 },
    );
  });
});

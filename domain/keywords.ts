import type { KeywordMatch } from './events.js';
import { DEFAULT_KEYWORDS, type KeywordRow } from './keyword-table.js';
import type { ConsentSettings, KeywordCell, KeywordSet } from './settings.js';

/** Live words of one app, normalised, each with the one cell that it means. */
export interface Matcher {
  readonly words: ReadonlyMap<string, KeywordMatch>;
  readonly accentFolding: boolean;
}

/** One word, as configured, that stands in two cells. */
export interface KeywordConflict {
  readonly word: string;
  readonly cells: readonly [KeywordMatch, KeywordMatch];
}

// Unicode's White_Space, and U+FEFF, which some gateways put in front of UCS-2 texts and which trim() drops too.
const WHITE_SPACE = /[\p{White_Space}\uFEFF]+/gu;
const ACCENTS = /[\u0300-\u036F]/gu;
const DOTTED_I = /i\u0307+/gu;

/**
 * Folds case without a locale. Down, up and down again, because one mapping alone keeps pairs apart:
 * `ẞ` → `ß` → `SS` → `ss`, and `ı` → `I` → `i`. The dotted `İ` leaves a combining dot behind, which goes too:
 * whoever types UNSUBSCRİBE or unsubscrıbe on a Turkish keyboard means the same word.
 */
function foldCase(text: string): string {
  return text.toLowerCase().toUpperCase().toLowerCase().replace(DOTTED_I, 'i');
}

/**
 * The form in which texts and keywords are compared: NFC, no outer white space, inner runs as one space, case
 * folded. Punctuation stays. With `accentFolding` the combining diacritical marks of Latin, Greek and Cyrillic
 * letters go as well, because many phones send `NOTIFICACION`.
 */
export function normaliseText(text: string, options: { readonly accentFolding: boolean }): string {
  const folded = foldCase(text.normalize('NFC'));
  const letters = options.accentFolding ? folded.normalize('NFD').replace(ACCENTS, '') : folded;
  return letters.normalize('NFC').replace(WHITE_SPACE, ' ').trim();
}

interface LiveWord {
  readonly word: string;
  readonly key: string;
  readonly cell: KeywordMatch;
}

function liveWords(row: KeywordRow, accentFolding: boolean): LiveWord[] {
  return row.words
    .map((word) => ({ word, key: normaliseText(word, { accentFolding }), cell: row.cell }))
    .filter(({ key }) => key !== '');
}

function defaultWords(accentFolding: boolean): Readonly<Record<KeywordSet, readonly LiveWord[]>> {
  return { SINCH: DEFAULT_KEYWORDS.SINCH.flatMap((row) => liveWords(row, accentFolding)) };
}

// The defaults never change, so they are normalised once; an app's matcher is then cheap to build.
const DEFAULTS_PLAIN = defaultWords(false);
const DEFAULTS_ACCENT_FOLDED = defaultWords(true);

function isSameCell(a: KeywordMatch, b: KeywordMatch): boolean {
  return a.language === b.language && a.listType === b.listType && a.direction === b.direction;
}

function ownRow({ language, listType, direction, words }: KeywordCell): KeywordRow {
  return { cell: { listType, direction, language }, words };
}

/** Every live word, defaults first, in the order of the settings. */
function* wordsOf(settings: ConsentSettings): Generator<LiveWord> {
  const defaults = settings.accentFolding ? DEFAULTS_ACCENT_FOLDED : DEFAULTS_PLAIN;
  const replaced = settings.keywords.filter((cell) => cell.replaceDefaults);
  for (const set of settings.keywordSets) {
    for (const live of defaults[set]) {
      if (!settings.languages.includes(live.cell.language)) continue;
      if (!replaced.some((cell) => isSameCell(cell, live.cell))) yield live;
    }
  }
  for (const own of settings.keywords) {
    if (settings.languages.includes(own.language)) yield* liveWords(ownRow(own), settings.accentFolding);
  }
}

/**
 * The words that count for an app: those of all its enabled languages at once, defaults plus its own. Where the
 * settings have conflicts (they are refused when set), the first word stands.
 */
export function buildMatcher(settings: ConsentSettings): Matcher {
  const words = new Map<string, KeywordMatch>();
  for (const { key, cell } of wordsOf(settings)) {
    if (!words.has(key)) words.set(key, cell);
  }
  return { words, accentFolding: settings.accentFolding };
}

const matchers = new WeakMap<ConsentSettings, Matcher>();

/** As `buildMatcher`, once per object: settings are never altered, a change makes new ones. */
export function matcherOf(settings: ConsentSettings): Matcher {
  const known = matchers.get(settings) ?? buildMatcher(settings);
  matchers.set(settings, known);
  return known;
}

/** The cell that the whole text hits, or null; a message without text (media) hits none. */
export function matchText(matcher: Matcher, text: string | undefined): KeywordMatch | null {
  if (text === undefined) return null;
  return matcher.words.get(normaliseText(text, matcher)) ?? null;
}

/**
 * Words that stand in two cells; such settings must be refused. Two languages of one list count as well: the cell
 * selects the language of the reply. A word of a language that is not enabled is not live and conflicts with nothing.
 */
export function findConflicts(settings: ConsentSettings): readonly KeywordConflict[] {
  const first = new Map<string, KeywordMatch>();
  const conflicts: KeywordConflict[] = [];
  for (const { word, key, cell } of wordsOf(settings)) {
    const known = first.get(key);
    if (known === undefined) first.set(key, cell);
    else if (!isSameCell(known, cell)) conflicts.push({ word, cells: [known, cell] });
  }
  return conflicts;
}

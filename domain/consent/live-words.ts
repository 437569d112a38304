import {
  DEFAULT_KEYWORDS,
  WORD_FORMS,
  type KeywordRow,
  type TextMeaning,
  type WordForm,
} from './keyword-table.js';
import type { ConsentSettings, KeywordSet } from '../settings.js';
import { bareText, normaliseText, seenText } from './text-forms.js';

/** Says where a word comes from: from a set, or from the app's own settings, by index. */
export type WordPlace =
  | { readonly from: 'set'; readonly set: KeywordSet }
  | { readonly from: 'keywords' | 'help'; readonly cell: number; readonly word: number };

/** A word that counts for an app. */
export interface LiveWord {
  /** What a text must become, by `form`, to hit the word; never empty. */
  readonly key: string;
  readonly form: WordForm;
  readonly meaning: TextMeaning;
  readonly place: WordPlace;
}

/** Names a meaning; two meanings are the same when their names are. */
export function nameOf(meaning: TextMeaning): string {
  const { language, direction } = meaning;
  return direction === 'HELP' ? `${language} HELP` : `${language} ${meaning.listType} ${direction}`;
}

function wordsOfSet(set: KeywordSet, accentFolding: boolean): readonly LiveWord[] {
  const form = WORD_FORMS[set];
  const rows: readonly KeywordRow[] = DEFAULT_KEYWORDS[set];
  return rows.flatMap(({ cell: meaning, words }) =>
    words.map((word) => {
      const exact = normaliseText(word, { accentFolding });
      return { key: form === 'bare' ? bareText(exact) : exact, form, meaning, place: { from: 'set', set } };
    }),
  );
}

type Sets = Readonly<Record<KeywordSet, readonly LiveWord[]>>;
function allSets(accentFolding: boolean): Sets {
  return { SINCH: wordsOfSet('SINCH', accentFolding), US: wordsOfSet('US', accentFolding) };
}

// The sets never change, so they are normalised once; an app's words are then cheap to gather.
const PLAIN = allSets(false);
const ACCENT_FOLDED = allSets(true);

interface OwnCell {
  readonly from: 'keywords' | 'help';
  readonly cell: number;
  readonly meaning: TextMeaning;
  readonly words: readonly string[];
  readonly replaceDefaults: boolean;
}

function ownCells({ keywords, help = [] }: ConsentSettings): readonly OwnCell[] {
  return [
    ...keywords.map(({ language, listType, direction, words, replaceDefaults }, cell): OwnCell => {
      return { from: 'keywords', cell, meaning: { listType, direction, language }, words, replaceDefaults };
    }),
    ...help.map(({ language, words, replaceDefaults }, cell): OwnCell => {
      return { from: 'help', cell, meaning: { direction: 'HELP', language }, words, replaceDefaults };
    }),
  ];
}

function* liveOwnWords({ from, cell, meaning, words }: OwnCell, accentFolding: boolean): Generator<LiveWord> {
  for (const [word, text] of words.entries()) {
    const key = seenText(normaliseText(text, { accentFolding }));
    if (key !== '') yield { key, form: 'seen', meaning, place: { from, cell, word } };
  }
}

/**
 * Gives every word that counts for an app: those of all its enabled languages at once, of its sets in their order and then
 * its own. Own words are compared as they are written, whatever the sets do.
 */
export function* liveWords(settings: ConsentSettings): Generator<LiveWord> {
  const { languages, accentFolding } = settings;
  const own = ownCells(settings).filter(({ meaning }) => languages.includes(meaning.language));
  const replaced = new Set(own.filter((cell) => cell.replaceDefaults).map(({ meaning }) => nameOf(meaning)));
  const sets = accentFolding ? ACCENT_FOLDED : PLAIN;
  for (const set of settings.keywordSets) {
    for (const live of sets[set]) {
      if (languages.includes(live.meaning.language) && !replaced.has(nameOf(live.meaning))) yield live;
    }
  }
  for (const cell of own) yield* liveOwnWords(cell, accentFolding);
}

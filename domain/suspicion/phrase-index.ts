import { compilePhrase, type CompiledPhrase, type WordGroups } from './phrase-pattern.js';
import { createVocabulary, type KnownWord } from './vocabulary.js';

const NONE: readonly CompiledPhrase[] = [];
const SENTENCE_END = ' . ';

const vocabulary = createVocabulary<readonly CompiledPhrase[]>();

/** A phrase where it was found: `from` is where its first word begins in the line, `to` where the next one would. */
export interface FoundPhrase {
  readonly from: number;
  readonly to: number;
}

/** Many phrases, looked for together: a word is only held against the phrases that may begin with it. */
export interface PhraseIndex {
  /** The first phrase in a `wordLine`, or null. */
  find(line: string): FoundPhrase | null;
  /** The line with a pause instead of every phrase: what stood on both sides of it does not come together. */
  without(line: string): string;
}

export function createPhraseIndex(phrases: readonly string[], groups: WordGroups): PhraseIndex {
  const compiled = phrases.map((phrase) => compilePhrase(phrase, groups));
  const beginners = compiled.filter(({ firstWord }) => firstWord === null);
  const firstWords = compiled.flatMap(({ firstWord }) => (firstWord === null ? [] : [firstWord.source]));
  const anyFirstWord = new RegExp(firstWords.join('|'), 'u');
  const slot = vocabulary.newSlot();

  function beginningWith({ text, slots }: KnownWord<readonly CompiledPhrase[]>): readonly CompiledPhrase[] {
    return (slots[slot] ??= !anyFirstWord.test(text)
      ? NONE
      : compiled.filter(({ firstWord }) => firstWord?.test(text) === true));
  }

  function matchAt(line: string, from: number, candidates: readonly CompiledPhrase[]): FoundPhrase | null {
    for (const { pattern } of candidates) {
      pattern.lastIndex = from;
      if (pattern.test(line)) return { from, to: pattern.lastIndex };
    }
    return null;
  }

  function findFrom(line: string, start: number): FoundPhrase | null {
    for (const { from, word } of vocabulary.wordsOf(line)) {
      if (from < start) continue;
      const begins = line.startsWith(SENTENCE_END, from - 3) ? matchAt(line, from, beginners) : null;
      const found = begins ?? matchAt(line, from, beginningWith(word));
      if (found !== null) return found;
    }
    return null;
  }

  return {
    find: (line) => findFrom(line, 1),
    without(line) {
      let rest = line;
      for (let found = findFrom(rest, 1); found !== null; found = findFrom(rest, found.from + 2)) {
        rest = `${rest.slice(0, found.from)}, ${rest.slice(found.to)}`;
      }
      return rest;
    },
  };
}

import { compilePhrase, type CompiledPhrase, type WordGroups } from './phrase-pattern.js';

/** Distinct words whose phrases are remembered; then they are gathered anew. */
const MOST_WORDS = 20_000;
const NONE: readonly CompiledPhrase[] = [];
const SENTENCE_END = ' . ';

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
  const known = new Map<string, readonly CompiledPhrase[]>();

  function beginningWith(word: string): readonly CompiledPhrase[] {
    const remembered = known.get(word);
    if (remembered !== undefined) return remembered;
    if (known.size >= MOST_WORDS) known.clear();
    const found = !anyFirstWord.test(word)
      ? NONE
      : compiled.filter(({ firstWord }) => firstWord?.test(word) === true);
    known.set(word, found);
    return found;
  }

  function matchAt(line: string, from: number, to: number): FoundPhrase | null {
    const candidates = beginningWith(line.slice(from, to));
    const all = line.startsWith(SENTENCE_END, from - 3) ? [...beginners, ...candidates] : candidates;
    for (const { pattern } of all) {
      pattern.lastIndex = from;
      if (pattern.test(line)) return { from, to: pattern.lastIndex };
    }
    return null;
  }

  function findFrom(line: string, start: number): FoundPhrase | null {
    for (
      let from = start, to = line.indexOf(' ', from);
      to !== -1;
      from = to + 1, to = line.indexOf(' ', from)
    ) {
      const found = matchAt(line, from, to);
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

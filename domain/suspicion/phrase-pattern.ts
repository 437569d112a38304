/** Named groups of words that the phrases of a language share; each a regular expression without spaces. */
export type WordGroups = Readonly<Record<string, string>>;

/** A phrase that can be looked for where a word of a `wordLine` begins. */
export interface CompiledPhrase {
  /** Sticky: set `lastIndex` to where the word begins. */
  readonly pattern: RegExp;
  /** What the first word has to be; null where the phrase has to begin a sentence, whatever its first word is. */
  readonly firstWord: RegExp | null;
}

/**
 * Compiles a phrase. It is written as its words, one space apart:
 *
 * - `stop|quit`: one of these words; `_` inside of one is a space (`do_not`). A word may use `\w*` and `s?`.
 * - `@texts`: a word of the group `texts`.
 * - `[please]`: the word may be there; not as the first part.
 * - `~3`: up to three words of any kind, within the sentence and between two pauses: as few as will do, at the end of
 *   a phrase as many as there are.
 * - `^` and `$`: a sentence begins or ends; at `$` a pause counts as well, and `,?` allows for one.
 *
 * Gaps are bounded and no part repeats without a limit, so the time that matching takes grows with the text alone.
 * @throws Error where a phrase names a group that is not there
 */
export function compilePhrase(phrase: string, groups: WordGroups): CompiledPhrase {
  const parts = phrase.split(' ');
  const compiled = parts.map((part, n) => compilePart(part, groups, n === parts.length - 1));
  const first = parts[0] ?? '';
  return {
    pattern: new RegExp(compiled.join(''), 'yu'),
    firstWord: first === '^' ? null : new RegExp(`^(?:${firstWords(first, groups).join('|')})$`, 'u'),
  };
}

const WORD = String.raw`[\p{L}\p{N}]+ `;
const SENTENCE_BEGINS = '(?<=[.] )';
const PHRASE_ENDS = '(?=[.,] )';

function compilePart(part: string, groups: WordGroups, isLast: boolean): string {
  if (part === '^') return SENTENCE_BEGINS;
  if (part === ',?') return '(?:, )?';
  if (part === '[[.]]') return '(?:[.] )?';
  if (part.startsWith('~')) return `(?:${WORD}){0,${part.slice(1)}}${isLast ? '' : '?'}`;
  const optional = part.startsWith('[');
  const words = (optional ? part.slice(1, -1) : part).split('|').map((word) => wordsOf(word, groups));
  const alternatives = words.map((word) => (word === '$' ? PHRASE_ENDS : `${word} `));
  return `(?:${alternatives.join('|')})${optional ? '?' : ''}`;
}

function wordsOf(word: string, groups: WordGroups): string {
  if (!word.startsWith('@')) return word.replaceAll('_', ' ').replaceAll(String.raw`\w`, String.raw`\p{L}`);
  return `(?:${wordsOf(groupOf(word, groups), groups)})`;
}

function groupOf(word: string, groups: WordGroups): string {
  const group = groups[word.slice(1)];
  if (group === undefined) throw new Error(`no group of words is called ${word}`);
  return group;
}

/** The first words of all alternatives of a part: `do_not|dont` begins with `do` or `dont`. */
function firstWords(part: string, groups: WordGroups): string[] {
  const alternatives = part
    .split('|')
    .flatMap((word) => (word.startsWith('@') ? groupOf(word, groups).split(/\|(?![^(]*\))/u) : [word]));
  return alternatives.map((word) => wordsOf(word.split('_')[0] ?? word, groups));
}

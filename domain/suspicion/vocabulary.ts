/** So many distinct words are remembered; then they are gathered anew. */
const MOST_WORDS = 20_000;
/** A line is asked for by many phrase indexes in a row, and in two forms at most. */
const LINES = 2;

/** A word, and what each user of the vocabulary knows of it. */
export interface KnownWord<Fact> {
  readonly text: string;
  /** By slot; undefined where nobody has asked. */
  readonly slots: (Fact | undefined)[];
}

/** A word where it begins in its line. */
export interface PlacedWord<Fact> {
  readonly from: number;
  readonly word: KnownWord<Fact>;
}

/** Words that many share: a line is taken apart once, and each word is looked up once, however many ask about it. */
export interface Vocabulary<Fact> {
  /** A place of one's own in `slots`. */
  newSlot(): number;
  /** The words of a `wordLine`, in their order. */
  wordsOf(line: string): readonly PlacedWord<Fact>[];
}

export function createVocabulary<Fact>(): Vocabulary<Fact> {
  const known = new Map<string, KnownWord<Fact>>();
  let lines: readonly { readonly line: string; readonly words: readonly PlacedWord<Fact>[] }[] = [];
  let slots = 0;

  function know(text: string): KnownWord<Fact> {
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size >= MOST_WORDS) known.clear();
    const word = { text, slots: [] };
    known.set(text, word);
    return word;
  }

  function takeApart(line: string): readonly PlacedWord<Fact>[] {
    const words: PlacedWord<Fact>[] = [];
    for (let from = 1, to = line.indexOf(' ', 1); to !== -1; from = to + 1, to = line.indexOf(' ', from)) {
      words.push({ from, word: know(line.slice(from, to)) });
    }
    return words;
  }

  return {
    newSlot: () => slots++,
    wordsOf(line) {
      const kept = lines.find((one) => one.line === line);
      if (kept !== undefined) return kept.words;
      const words = takeApart(line);
      lines = [{ line, words }, ...lines.slice(0, LINES - 1)];
      return words;
    },
  };
}

import { liveWords, nameOf, type LiveWord } from './live-words.js';
import type { ConsentSettings } from '../settings.js';
import { bareText, seenText } from './text-forms.js';

/** Two words that one text hits, and that mean different things. */
export interface KeywordConflict {
  readonly first: LiveWord;
  readonly second: LiveWord;
}

/** One text hits two exact words when they are equal, and two others when what is left without punctuation is equal. */
function areHitTogether(a: LiveWord, b: LiveWord): boolean {
  if (a.form === 'bare' || b.form === 'bare') return true;
  return a.form === b.form ? a.key === b.key : seenText(a.key) === seenText(b.key);
}

function against(word: LiveWord, earlier: readonly LiveWord[]): LiveWord | undefined {
  return earlier.find(
    (other) => areHitTogether(other, word) && nameOf(other.meaning) !== nameOf(word.meaning),
  );
}

/**
 * Finds words of which one text could mean two things; such settings must be refused. Two languages of one list count as
 * well, because the word selects the language of the reply. A word of a language that is not enabled is not live and
 * conflicts with nothing. For each word the first that it conflicts with is named.
 */
export function findConflicts(settings: ConsentSettings): readonly KeywordConflict[] {
  const sameLetters = new Map<string, LiveWord[]>();
  const conflicts: KeywordConflict[] = [];
  for (const word of liveWords(settings)) {
    const letters = bareText(word.key);
    const earlier = sameLetters.get(letters) ?? [];
    const first = against(word, earlier);
    if (first !== undefined) conflicts.push({ first, second: word });
    sameLetters.set(letters, [...earlier, word]);
  }
  return conflicts;
}

import { findConflicts, type KeywordConflict } from '../../domain/consent/keyword-conflicts.js';
import { nameOf, type LiveWord } from '../../domain/consent/live-words.js';
import { DEFAULT_KEYWORDS } from '../../domain/consent/keyword-table.js';
import type { ConsentSettings, KeywordSet, Language } from '../../domain/settings.js';
import type { FieldViolation } from '../server/errors.js';

/** So many are enough to see the pattern of a mistake; a list that was pasted twice would answer with hundreds. */
const MOST_TOLD = 10;

const fieldOf = ({ place }: LiveWord): string =>
  place.from === 'set'
    ? `keyword_sets: ${place.set}`
    : `${place.from}[${String(place.cell)}].words[${String(place.word)}]`;

function violationOf({ first, second }: KeywordConflict): FieldViolation {
  const there = `${fieldOf(first)} (${nameOf(first.meaning)})`;
  return {
    field: fieldOf(second),
    description: `a text with this word (${nameOf(second.meaning)}) also means ${there}`,
  };
}

const languagesOf = (set: KeywordSet): readonly Language[] => [
  ...new Set(DEFAULT_KEYWORDS[set].map(({ cell }) => cell.language)),
];

/** A set without a language of its words would be on and do nothing. */
function deadSets({ keywordSets, languages }: ConsentSettings): readonly FieldViolation[] {
  return keywordSets
    .map((set) => ({ set, has: languagesOf(set) }))
    .filter(({ has }) => !has.some((language) => languages.includes(language)))
    .map(({ set, has }) => ({
      field: 'keyword_sets',
      description: `${set} has words in ${has.join(', ')} only, expected that in languages`,
    }));
}

/**
 * Says what is wrong with how an app reads texts: words of which one text could mean two things, by both places, and sets
 * that could never match. It names places and meanings, never the words themselves.
 */
export function keywordProblems(settings: ConsentSettings): readonly FieldViolation[] {
  return [...deadSets(settings), ...findConflicts(settings).map(violationOf)].slice(0, MOST_TOLD);
}

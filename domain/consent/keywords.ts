import type { TextMeaning } from './keyword-table.js';
import { liveWords } from './live-words.js';
import type { ConsentSettings } from '../settings.js';
import { bareText, normaliseText, seenText } from './text-forms.js';

/** The live words of one app, by the form in which they are compared, each with the one thing that it means. */
export interface Matcher {
  readonly exact: ReadonlyMap<string, TextMeaning>;
  /** Words that are compared as they look. */
  readonly seen: ReadonlyMap<string, TextMeaning>;
  /** Words that punctuation and white space do not hide. */
  readonly bare: ReadonlyMap<string, TextMeaning>;
  readonly accentFolding: boolean;
}

/** Gathers the words that count for an app. Where settings have conflicts (they are refused when set), the first stands. */
export function buildMatcher(settings: ConsentSettings): Matcher {
  const newMap = () => new Map<string, TextMeaning>();
  const maps = { exact: newMap(), seen: newMap(), bare: newMap() };
  for (const { key, form, meaning } of liveWords(settings)) {
    if (!maps[form].has(key)) maps[form].set(key, meaning);
  }
  return { ...maps, accentFolding: settings.accentFolding };
}

const matchers = new WeakMap<ConsentSettings, Matcher>();

/** Does what `buildMatcher` does, once per object: settings are never altered, since a change makes new ones. */
export function matcherOf(settings: ConsentSettings): Matcher {
  const known = matchers.get(settings) ?? buildMatcher(settings);
  matchers.set(settings, known);
  return known;
}

/** Says what the whole text means, or null; a message without text (media) means nothing. */
export function matchText(matcher: Matcher, text: string | undefined): TextMeaning | null {
  if (text === undefined) return null;
  const normalised = normaliseText(text, matcher);
  return (
    matcher.exact.get(normalised) ??
    matcher.seen.get(seenText(normalised)) ??
    matcher.bare.get(bareText(normalised)) ??
    null
  );
}

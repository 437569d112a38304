import type { ListType } from '../lists.js';
import { ENGLISH } from './english.js';
import { FOOTER_GROUPS, FOOTERS } from './footers.js';
import { FRENCH } from './french.js';
import type { PhraseBook } from './phrase-book.js';
import { createPhraseIndex, type PhraseIndex } from './phrase-index.js';
import { PORTUGUESE } from './portuguese.js';
import { SPANISH } from './spanish.js';
import { hasApostrophe, wordLine } from './word-line.js';

/** The languages in which a sentence is understood, in the order in which they are asked. */
export const SUSPICION_LANGUAGES = ['EN', 'ES', 'PT', 'FR'] as const;
export type SuspicionLanguage = (typeof SUSPICION_LANGUAGES)[number];

/** Why a text that is no keyword is thought to ask for a stop. */
export interface Suspicion {
  /** What the person seems to want to be left off: everything, unless only one kind is named. */
  readonly listType: ListType;
  /** The words that made us think so, as they were read: lower case, without accents. */
  readonly phrase: string;
  readonly language: SuspicionLanguage;
}

interface Reader {
  readonly apostrophe: PhraseBook['apostrophe'];
  readonly complaints: PhraseIndex;
  readonly setAside: PhraseIndex;
  readonly asks: PhraseIndex;
  readonly marketing: RegExp;
  readonly notification: RegExp;
  readonly everything: RegExp;
}

const footers = createPhraseIndex(FOOTERS, FOOTER_GROUPS);

const READERS: Readonly<Record<SuspicionLanguage, Reader>> = {
  EN: toReader(ENGLISH),
  ES: toReader(SPANISH),
  PT: toReader(PORTUGUESE),
  FR: toReader(FRENCH),
};

/**
 * Whether a text asks to stop in a sentence. Pure and deterministic: data per language, no model, so that the same text
 * always gets the same answer and the phrase says why. Keywords are `matchText`'s; this reads what that did not know.
 */
export function readSuspicion(text: string | undefined): Suspicion | null {
  if (text === undefined) return null;
  const joined = toLine(text, 'join');
  const lines = { join: joined, split: hasApostrophe(text) ? toLine(text, 'split') : joined };
  for (const language of SUSPICION_LANGUAGES) {
    const reader = READERS[language];
    const found = readLine(reader, lines[reader.apostrophe]);
    if (found !== null) return { ...found, language };
  }
  return null;
}

/** A text as the languages read it: whole, and without what a sender wrote below an advertisement. */
interface Line {
  readonly whole: string;
  readonly plain: string;
}

function toLine(text: string, apostrophe: PhraseBook['apostrophe']): Line {
  const whole = wordLine(text, apostrophe);
  return { whole, plain: footers.without(whole) };
}

function readLine(reader: Reader, { whole, plain }: Line): Omit<Suspicion, 'language'> | null {
  const { complaints, setAside, asks } = reader;
  return found(reader, complaints, whole) ?? found(reader, asks, setAside.without(plain));
}

function found(reader: Reader, phrases: PhraseIndex, line: string): Omit<Suspicion, 'language'> | null {
  const place = phrases.find(line);
  if (place === null) return null;
  const phrase = line.slice(place.from, place.to).trim();
  return { listType: listOf(reader, sentenceAround(line, place.from, place.to)), phrase };
}

function sentenceAround(line: string, from: number, to: number): string {
  const end = line.indexOf(' . ', to - 1);
  return line.slice(line.lastIndexOf(' . ', from) + 2, end === -1 ? undefined : end + 1);
}

function listOf({ marketing, notification, everything }: Reader, sentence: string): ListType {
  const [ads, notices] = [marketing.test(sentence), notification.test(sentence)];
  if (ads === notices || everything.test(sentence)) return 'OPT_OUT_ALL';
  return ads ? 'OPT_OUT_MARKETING' : 'OPT_OUT_NOTIFICATION';
}

function toReader(book: PhraseBook): Reader {
  const phrases = (list: readonly string[]): PhraseIndex => createPhraseIndex(list, book.groups);
  const anyOf = (words: string): RegExp =>
    new RegExp(`(?<= )(?:${words.replaceAll(String.raw`\w`, String.raw`\p{L}`)}) `, 'u');
  return {
    apostrophe: book.apostrophe,
    complaints: phrases(book.complaints),
    setAside: phrases(book.setAside),
    asks: phrases(book.asks),
    marketing: anyOf(book.marketing),
    notification: anyOf(book.notification),
    everything: anyOf(book.everything),
  };
}

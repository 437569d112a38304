import type { WordGroups } from './phrase-pattern.js';

/** What one language says when it asks to stop. Phrases are written as `compilePhrase` reads them. */
export interface PhraseBook {
  readonly apostrophe: 'split' | 'join';
  readonly groups: WordGroups;
  /** What asks to stop in words that would be set aside otherwise: "I texted STOP", "how do I unsubscribe". */
  readonly complaints: readonly string[];
  /** What is taken out before anything is read: instructions of a sender, and what sounds like asking and is not. */
  readonly setAside: readonly string[];
  /** Each asks to stop. */
  readonly asks: readonly string[];
  /** Words which say that only advertising is meant, and those which say that only notices are. */
  readonly marketing: string;
  readonly notification: string;
  /** Words which say that everything is meant, whatever else is named. */
  readonly everything: string;
}

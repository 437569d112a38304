import type { ConsentChangeData, KeywordMatch, SuspectedStop } from '../events/events.js';
import { LANGUAGES, type ConsentSettings } from '../settings.js';
import { readSuspicion } from '../suspicion/suspicion.js';
import type { TextMeaning } from './keyword-table.js';

/** What a suspected stop adds to its message: to its data, and to what is personal in it. */
export interface Suspected {
  readonly data: { readonly suspected?: SuspectedStop };
  readonly personal: { readonly suspectedPhrase?: string };
}
const NOTHING: Suspected = { data: {}, personal: {} };

/** Reads a text for a stop that is said in a sentence. A keyword is clear, and so it is never read twice. */
export function suspectedIn(
  settings: ConsentSettings,
  meaning: TextMeaning | null,
  text: string | undefined,
): Suspected {
  if (!settings.enabled || meaning !== null) return NOTHING;
  const suspicion = readSuspicion(text);
  if (suspicion === null) return NOTHING;
  const { listType, language, phrase } = suspicion;
  const treatment = settings.suspectedStops ?? 'flag';
  return { data: { suspected: { listType, language, treatment } }, personal: { suspectedPhrase: phrase } };
}

/** What a person asked for, by whichever way we know. */
export interface Asked {
  readonly match: KeywordMatch;
  readonly language: ConsentChangeData['language'];
  readonly origin: ConsentChangeData['origin'];
}

/** Finds what an inbound message changes: what its keyword means, or its sentence where the app obeys those. */
export function askedBy(
  matched: KeywordMatch | null,
  suspected: SuspectedStop | undefined,
  settings: ConsentSettings,
): Asked | null {
  if (matched !== null) return { match: matched, language: matched.language, origin: 'ORIGIN_MO' };
  if (suspected?.treatment !== 'obey') return null;
  const language = LANGUAGES.find((known) => known === suspected.language) ?? null;
  // Whoever writes in a language that has no replies is answered in the first one of the app.
  const spoken = language ?? settings.languages[0] ?? 'EN';
  const match = { listType: suspected.listType, direction: 'OPT_OUT', language: spoken } as const;
  return { match, language, origin: 'ORIGIN_SUSPECTED' };
}

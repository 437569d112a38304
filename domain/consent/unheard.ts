import type { ContactStreamEvent, MessageReceived } from '../events/events.js';
import { isOptedOut, type ListType } from '../lists.js';
import { KEYWORD_SETS, LANGUAGES, type ConsentSettings } from '../settings.js';
import { readSuspicion } from '../suspicion/suspicion.js';
import { matcherOf, matchText } from './keywords.js';

/** Somebody who asked for a stop, by what is understood today, and was opted out of nothing since. */
export interface Unheard {
  readonly projectId: string;
  readonly appId: string;
  readonly contactId: string;
  readonly channel: string;
  readonly identity: string;
  /** What they asked to be left off; everything, where they named different lists. */
  readonly listType: ListType;
  /** The words of the first time, and how they are understood. */
  readonly phrase: string;
  readonly heardAs: 'keyword' | 'sentence';
  /** The whole text of the first time. */
  readonly text: string;
  /** RFC 3339 UTC with ms: when they asked first. */
  readonly firstAt: string;
  /** Id of the first message's event. */
  readonly firstEventId: string;
  /** How many times they asked. */
  readonly times: number;
}

/** Reads the events of all contacts in the order of the ledger. */
export interface Hunt {
  /** @param consent settings of the contact's app today */
  read(event: ContactStreamEvent, consent: ConsentSettings): void;
  /** Who was not heard, the longest wait first. */
  unheard(): readonly Unheard[];
}

interface Asked {
  readonly listType: ListType;
  readonly phrase: string;
  readonly heardAs: Unheard['heardAs'];
}

export function createHunt(): Hunt {
  const open = new Map<string, Unheard>();
  const words = new WeakMap<ConsentSettings, ConsentSettings>();

  function askedIn({ data, personal }: MessageReceived, consent: ConsentSettings): Asked | 'back' | null {
    const text = personal?.text;
    if (data.matched?.direction === 'OPT_IN') return 'back';
    const known = words.get(consent) ?? withAllWords(consent);
    words.set(consent, known);
    const meaning = matchText(matcherOf(known), text);
    if (meaning?.direction === 'OPT_OUT')
      return { listType: meaning.listType, phrase: text ?? '', heardAs: 'keyword' };
    // What is a keyword today says what it says; a word that asks to come back asks for no stop.
    if (meaning !== null) return null;
    const suspicion = readSuspicion(text);
    return suspicion && { listType: suspicion.listType, phrase: suspicion.phrase, heardAs: 'sentence' };
  }

  function hear(event: MessageReceived, consent: ConsentSettings): void {
    const { contactId, projectId, appId, channel, state } = event.data;
    const asked = askedIn(event, consent);
    if (asked === null) return;
    if (asked === 'back') {
      open.delete(contactId);
      return;
    }
    const { listType } = asked;
    if (isOptedOut(state.standing, 'OPT_OUT_ALL') || isOptedOut(state.standing, listType)) return;
    const before = open.get(contactId);
    const first: Unheard = before ?? {
      ...{ projectId, appId, contactId, channel, ...asked, times: 0 },
      ...{ identity: event.personal?.identity ?? '', text: event.personal?.text ?? '' },
      ...{ firstAt: event.meta.occurredAt, firstEventId: event.id },
    };
    const wanted = first.listType === listType ? listType : 'OPT_OUT_ALL';
    open.set(contactId, { ...first, listType: wanted, times: first.times + 1 });
  }

  return {
    read(event, consent) {
      const { contactId } = event.data;
      const asked = open.get(contactId);
      switch (event.type) {
        case 'message-received':
          hear(event, consent);
          break;
        case 'opted-out': {
          const { standing } = event.data.state;
          if (asked && (isOptedOut(standing, 'OPT_OUT_ALL') || isOptedOut(standing, asked.listType)))
            open.delete(contactId);
          break;
        }
        case 'opted-in':
          // Only the person's own word takes back what they asked for.
          if (event.data.origin === 'ORIGIN_MO') open.delete(contactId);
          break;
        case 'suspicion-decided':
          if (asked?.firstEventId === event.data.suspicionId) open.delete(contactId);
          break;
      }
    },
    unheard: () =>
      [...open.values()].sort((a, b) => (a.firstAt < b.firstAt ? -1 : a.firstAt > b.firstAt ? 1 : 0)),
  };
}

/** Own words stay; all sets count, in all languages, whether the app had them or not. */
function withAllWords(consent: ConsentSettings): ConsentSettings {
  return { ...consent, keywordSets: KEYWORD_SETS, languages: LANGUAGES };
}

const DAY_MS = 86_400_000;
const BUSINESS_DAYS = 10;

/**
 * Until when a stop has to be honoured: ten business days after it was said (47 CFR 64.1200(a)(10)), as a date. Saturdays and
 * Sundays by UTC do not count; holidays are not known here and count, so the date is never too late.
 * @param firstAt RFC 3339
 */
export function stopDeadline(firstAt: string): string {
  let at = Date.parse(firstAt);
  for (let left = BUSINESS_DAYS; left > 0;) {
    at += DAY_MS;
    const day = new Date(at).getUTCDay();
    if (day !== 0 && day !== 6) left -= 1;
  }
  return new Date(at).toISOString().slice(0, 10);
}

import type { HelpMatch, KeywordMatch } from '../events/events.js';
import type { Direction, ListType } from '../lists.js';
import type { KeywordSet, Language } from '../settings.js';

/** What a whole text can mean. */
export type TextMeaning = KeywordMatch | HelpMatch;

/** One cell of the keyword table with its words. */
export interface KeywordRow<M extends TextMeaning = TextMeaning> {
  readonly cell: M;
  readonly words: readonly string[];
}

/**
 * Says how words are compared: as they are written, as they look (without what nobody sees), or with punctuation and
 * white space ignored as well.
 */
export type WordForm = 'exact' | 'seen' | 'bare';
export const WORD_FORMS: Readonly<Record<KeywordSet, 'exact' | 'bare'>> = { SINCH: 'exact', US: 'bare' };

function row(
  language: Language,
  listType: ListType,
  direction: Direction,
  ...words: string[]
): KeywordRow<KeywordMatch> {
  return { cell: { listType, direction, language }, words };
}

function help(language: Language, ...words: string[]): KeywordRow<HelpMatch> {
  return { cell: { direction: 'HELP', language }, words };
}

const ALL = 'OPT_OUT_ALL';
const MARKETING = 'OPT_OUT_MARKETING';
const NOTIFICATION = 'OPT_OUT_NOTIFICATION';
const OUT = 'OPT_OUT';
const IN = 'OPT_IN';

/**
 * The sets that an app may choose from. An event names the settings that it was decided under, and those name sets:
 * the words of a set never change once it has been in force, a change gets a set of its own.
 *
 * - `SINCH` has the defaults of the Sinch Conversation API's consent management, two words and one technical token a cell.
 * - `US` has the seven words that mean a stop by 47 CFR 64.1200(a)(10), the joined forms that carriers and providers
 *   know beside them, UNSTOP, and HELP and INFO, which have to be answered on US numbers.
 */
export const DEFAULT_KEYWORDS = {
  SINCH: [
    row('EN', ALL, OUT, 'STOP', 'UNSUBSCRIBE', 'OptOut_All_EN'),
    row('EN', ALL, IN, 'START', 'SUBSCRIBE', 'OptIn_All_EN'),
    row('EN', MARKETING, OUT, 'STOP MARKETING', 'UNSUBSCRIBE MARKETING', 'OptOut_Marketing_EN'),
    row('EN', MARKETING, IN, 'START MARKETING', 'SUBSCRIBE MARKETING', 'OptIn_Marketing_EN'),
    row('EN', NOTIFICATION, OUT, 'STOP NOTIFICATION', 'UNSUBSCRIBE NOTIFICATION', 'OptOut_Notification_EN'),
    row('EN', NOTIFICATION, IN, 'START NOTIFICATION', 'SUBSCRIBE NOTIFICATION', 'OptIn_Notification_EN'),

    row('ES', ALL, OUT, 'DETENER', 'SALIR', 'OptOut_All_ES'),
    row('ES', ALL, IN, 'VOLVER', 'RECIBIR', 'OptIn_All_ES'),
    row('ES', MARKETING, OUT, 'DETENER MARKETING', 'SALIR MARKETING', 'OptOut_Marketing_ES'),
    row('ES', MARKETING, IN, 'VOLVER MARKETING', 'RECIBIR MARKETING', 'OptIn_Marketing_ES'),
    row('ES', NOTIFICATION, OUT, 'DETENER NOTIFICACIÓN', 'SALIR NOTIFICACIÓN', 'OptOut_Notification_ES'),
    row('ES', NOTIFICATION, IN, 'VOLVER NOTIFICACIÓN', 'RECIBIR NOTIFICACIÓN', 'OptIn_Notification_ES'),

    row('PT', ALL, OUT, 'PARAR', 'CANCELAR', 'OptOut_All_PT'),
    row('PT', ALL, IN, 'VOLTAR', 'RECEBER', 'OptIn_All_PT'),
    row('PT', MARKETING, OUT, 'PARAR MARKETING', 'CANCELAR MARKETING', 'OptOut_Marketing_PT'),
    row('PT', MARKETING, IN, 'VOLTAR MARKETING', 'RECEBER MARKETING', 'OptIn_Marketing_PT'),
    row('PT', NOTIFICATION, OUT, 'PARAR NOTIFICAÇÃO', 'CANCELAR NOTIFICAÇÃO', 'OptOut_Notification_PT'),
    row('PT', NOTIFICATION, IN, 'VOLTAR NOTIFICAÇÃO', 'RECEBER NOTIFICAÇÃO', 'OptIn_Notification_PT'),
  ],

  US: [
    row('EN', ALL, OUT, 'STOP', 'QUIT', 'END', 'REVOKE', 'OPT OUT', 'CANCEL', 'UNSUBSCRIBE'),
    row('EN', ALL, OUT, 'STOPALL', 'OPTOUT', 'OPT-OUT'),
    row('EN', ALL, IN, 'UNSTOP'),
    help('EN', 'HELP', 'INFO'),
  ],
} satisfies Readonly<Record<KeywordSet, readonly KeywordRow[]>>;

import type { KeywordMatch } from './events.js';
import type { Direction, ListType } from './lists.js';
import type { KeywordSet, Language } from './settings.js';

/** One cell of the keyword table with its words. */
export interface KeywordRow {
  readonly cell: KeywordMatch;
  readonly words: readonly string[];
}

function row(language: Language, listType: ListType, direction: Direction, ...words: string[]): KeywordRow {
  return { cell: { listType, direction, language }, words };
}

const ALL = 'OPT_OUT_ALL';
const MARKETING = 'OPT_OUT_MARKETING';
const NOTIFICATION = 'OPT_OUT_NOTIFICATION';
const OUT = 'OPT_OUT';
const IN = 'OPT_IN';

/** Defaults of the Sinch Conversation API's consent management: two words and one technical token a cell. */
export const DEFAULT_KEYWORDS: Readonly<Record<KeywordSet, readonly KeywordRow[]>> = {
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
};

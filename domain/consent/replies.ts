import type { KeywordMatch } from '../events/events.js';
import type { Direction } from '../lists.js';
import type { ConsentSettings, Language } from '../settings.js';

/** These are the defaults of the Sinch Conversation API's consent management, the same for all three lists. */
export const DEFAULT_REPLIES: Readonly<Record<Language, Readonly<Record<Direction, string>>>> = {
  EN: {
    OPT_OUT: 'Your request to leave has been accomplished.',
    OPT_IN: 'Your request to get back has been accomplished.',
  },
  ES: {
    OPT_OUT: 'Su solicitud de salida se ha cumplido.',
    OPT_IN: 'Su solicitud de regreso ha sido concedida.',
  },
  PT: {
    OPT_OUT: 'Seu pedido de saída foi atendido.',
    OPT_IN: 'Seu pedido de voltar foi atendido.',
  },
};

/** Finds the text that answers a keyword; empty when the app sends none, or only blanks, for this cell. */
export function replyText(settings: ConsentSettings, match: KeywordMatch): string {
  if (!settings.autoReply) return '';
  const own = settings.replies.find(
    (reply) =>
      reply.language === match.language &&
      reply.listType === match.listType &&
      reply.direction === match.direction,
  );
  const text = own?.text ?? DEFAULT_REPLIES[match.language][match.direction];
  return text.trim() === '' ? '' : text;
}

/** A call for help is answered so by default. There are plain letters only, so that each fits one SMS of 160 characters. */
export const DEFAULT_HELP: Readonly<Record<Language, string>> = {
  EN: 'You get messages from this sender. Reply STOP to end them. Message and data rates may apply.',
  ES: 'Usted recibe mensajes de este remitente. Para no recibirlos, responda SALIR.',
  PT: 'Recebe mensagens deste remetente. Para deixar de receber, responda PARAR.',
};

/** Finds the text that answers a call for help; empty when the app sends none, or only blanks, in this language. */
export function helpText(settings: ConsentSettings, language: Language): string {
  if (!settings.autoReply) return '';
  const own = settings.help?.find((cell) => cell.language === language);
  const text = own?.text ?? DEFAULT_HELP[language];
  return text.trim() === '' ? '' : text;
}

import { describe, expect, it } from 'vitest';
import { LIST_TYPES } from '../../../../domain/lists.js';
import { helpText, replyText } from '../../../../domain/consent/replies.js';
import {
  DEFAULT_CONSENT_SETTINGS,
  type ConsentSettings,
  type ReplyCell,
} from '../../../../domain/settings.js';

const EN_OUT = { language: 'EN', listType: 'OPT_OUT_ALL', direction: 'OPT_OUT' } as const;

function withReplies(...replies: ReplyCell[]): ConsentSettings {
  return { ...DEFAULT_CONSENT_SETTINGS, replies };
}

describe('replyText', () => {
  it.each([
    ['EN', 'OPT_OUT', 'Your request to leave has been accomplished.'],
    ['EN', 'OPT_IN', 'Your request to get back has been accomplished.'],
    ['ES', 'OPT_OUT', 'Su solicitud de salida se ha cumplido.'],
    ['ES', 'OPT_IN', 'Su solicitud de regreso ha sido concedida.'],
    ['PT', 'OPT_OUT', 'Seu pedido de saída foi atendido.'],
    ['PT', 'OPT_IN', 'Seu pedido de voltar foi atendido.'],
  ] as const)('is the default of %s %s on each list', (language, direction, text) => {
    for (const listType of LIST_TYPES) {
      expect(replyText(DEFAULT_CONSENT_SETTINGS, { language, listType, direction })).toBe(text);
    }
  });

  it("is the app's own for its cell and for no other", () => {
    const settings = withReplies({ ...EN_OUT, text: 'Bye.' });
    expect(replyText(settings, EN_OUT)).toBe('Bye.');
    for (const other of [
      { ...EN_OUT, language: 'ES' },
      { ...EN_OUT, listType: 'OPT_OUT_MARKETING' },
      { ...EN_OUT, direction: 'OPT_IN' },
    ] as const) {
      expect(replyText(settings, other)).toBe(replyText(DEFAULT_CONSENT_SETTINGS, other));
    }
  });

  it('is none where the own text is empty or blank', () => {
    expect(replyText(withReplies({ ...EN_OUT, text: '' }), EN_OUT)).toBe('');
    expect(replyText(withReplies({ ...EN_OUT, text: ' \n' }), EN_OUT)).toBe('');
  });

  it('is none where automatic replies are off', () => {
    const settings = { ...withReplies({ ...EN_OUT, text: 'Bye.' }), autoReply: false };
    expect(replyText(settings, EN_OUT)).toBe('');
  });
});

describe('helpText', () => {
  it.each([
    ['EN', 'You get messages from this sender. Reply STOP to end them. Message and data rates may apply.'],
    ['ES', 'Usted recibe mensajes de este remitente. Para no recibirlos, responda SALIR.'],
    ['PT', 'Recebe mensagens deste remetente. Para deixar de receber, responda PARAR.'],
  ] as const)('is the default of %s, which fits one SMS', (language, text) => {
    expect(helpText(DEFAULT_CONSENT_SETTINGS, language)).toBe(text);
    // Letters that the 7-bit alphabet of SMS has.
    expect(text).toMatch(/^[A-Za-z .,]{1,160}$/);
  });

  it("is the app's own in its language, the default in another, none where that is empty or blank", () => {
    const cell = { language: 'EN', words: [], replaceDefaults: false } as const;
    const settings = { ...DEFAULT_CONSENT_SETTINGS, help: [{ ...cell, text: 'Call 1-800.' }] };
    expect(helpText(settings, 'EN')).toBe('Call 1-800.');
    expect(helpText(settings, 'ES')).toBe(helpText(DEFAULT_CONSENT_SETTINGS, 'ES'));
    expect(helpText({ ...settings, help: [cell] }, 'EN')).toBe(helpText(DEFAULT_CONSENT_SETTINGS, 'EN'));
    for (const text of ['', ' \n'])
      expect(helpText({ ...settings, help: [{ ...cell, text }] }, 'EN')).toBe('');
    expect(helpText({ ...settings, autoReply: false }, 'EN')).toBe('');
  });
});

import { describe, expect, it } from 'vitest';
import { LIST_TYPES } from '../../../domain/lists.js';
import { replyText } from '../../../domain/replies.js';
import { DEFAULT_CONSENT_SETTINGS, type ConsentSettings, type ReplyCell } from '../../../domain/settings.js';

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

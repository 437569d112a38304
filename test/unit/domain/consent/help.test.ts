import { describe, expect, it } from 'vitest';
import { decideInbound, EMPTY_CONTACT } from '../../../../domain/consent/consent.js';
import { validateEvent } from '../../../../domain/schemas/event-schemas.js';
import { buildMatcher, matchText } from '../../../../domain/consent/keywords.js';
import type { ConsentSettings, HelpCell } from '../../../../domain/settings.js';
import { DEFAULT_CONSENT_SETTINGS } from '../../../../domain/settings.js';
import { at, context, inbound } from '../contact-fixtures.js';
import { sampleUlid, sampleUuid } from '../event-samples.js';

const US = { keywordSets: ['SINCH', 'US'] } as const;
const OWN: HelpCell = { language: 'EN', words: [], replaceDefaults: false, text: 'Call 1-800.' };
const optedOut = {
  standing: { OPT_OUT_ALL: { optedOut: true, eventId: sampleUuid(9), revision: 3, at: at(-60) } },
  lastConsent: { eventId: sampleUuid(9), direction: 'OPT_OUT' },
  lastOptInReplyAt: at(-1),
} as const;

function decide(text: string, consent: Partial<ConsentSettings>, state = EMPTY_CONTACT) {
  const events = decideInbound(inbound(1, text), context({ consent, state, nextRevision: 4 }));
  events.forEach(validateEvent);
  const [message, ...rest] = events;
  if (message?.type !== 'message-received') throw new Error('no message');
  return { ...message, rest };
}

describe('a call for help', () => {
  it.each([EMPTY_CONTACT, optedOut])('is one event that owes a reply and moves nothing', (state) => {
    const { data, personal, rest } = decide('Help!', { ...US, help: [OWN] }, state);
    expect(rest).toEqual([]);
    expect(data).toMatchObject({ matched: null, state });
    expect(data.help).toEqual({ language: 'EN', reply: { kind: 'HELP', messageId: sampleUlid(12) } });
    expect(personal).toMatchObject({ text: 'Help!', replyText: 'Call 1-800.' });
  });

  it('is answered each time: the limit of opt-in replies is not for it', () => {
    for (const word of ['HELP', 'info', 'i n f o'])
      expect(decide(word, US, optedOut).data.help?.reply).not.toBeNull();
  });

  it.each([
    { ...US, autoReply: false },
    { ...US, help: [{ ...OWN, text: ' ' }] },
  ])('is recorded as one, unanswered, where the app sends none: %j', (consent) => {
    const { data, personal } = decide('HELP', consent);
    expect(data.help).toEqual({ language: 'EN', reply: null });
    expect(personal).not.toHaveProperty('replyText');
  });

  it.each([{}, { ...US, enabled: false }])('is a text like any other under %j', (consent) => {
    const { data, personal } = decide('HELP', consent);
    expect(data).not.toHaveProperty('help');
    expect(personal).not.toHaveProperty('replyText');
  });

  it('marks no other text', () => {
    for (const text of ['hello', 'STOP', 'START']) expect(decide(text, US).data).not.toHaveProperty('help');
  });
});

describe('own words for help', () => {
  const read = (text: string, consent: Partial<ConsentSettings>) =>
    matchText(buildMatcher({ ...DEFAULT_CONSENT_SETTINGS, ...consent }), text);

  it('count in each language without the set US too, compared as written', () => {
    const help = [{ ...OWN, language: 'ES', words: ['AYUDA'] }] as const;
    expect(read('ayuda', { help })).toEqual({ direction: 'HELP', language: 'ES' });
    expect(read('ayuda!', { ...US, help })).toBeNull();
    expect(read('ayuda', { help, languages: ['EN'] })).toBeNull();
  });

  it('stand beside those of the set or in their place', () => {
    const beside = [{ ...OWN, words: ['AID'] }];
    const instead = [{ ...OWN, words: ['AID'], replaceDefaults: true }];
    const both = ['aid', 'info'];
    expect(both.map((text) => read(text, { ...US, help: beside })?.direction)).toEqual(['HELP', 'HELP']);
    expect(both.map((text) => read(text, { ...US, help: instead })?.direction)).toEqual(['HELP', undefined]);
    expect(read('quit', { ...US, help: instead })?.direction).toBe('OPT_OUT');
  });
});

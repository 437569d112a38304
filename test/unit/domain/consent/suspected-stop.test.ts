import { describe, expect, it } from 'vitest';
import { decideInbound, EMPTY_CONTACT } from '../../../../domain/consent/consent.js';
import type { ContactState } from '../../../../domain/events/events.js';
import { parseEvent, validateEvent } from '../../../../domain/schemas/event-schemas.js';
import type { ConsentSettings } from '../../../../domain/settings.js';
import { at, consentOf, context, inbound } from '../contact-fixtures.js';
import { EVENT_SAMPLES, sampleUuid } from '../event-samples.js';

const SENTENCE = 'Please stop texting me!';

function decide(text: string, consent: Partial<ConsentSettings> = {}, state = EMPTY_CONTACT, seconds = 0) {
  const n = 1 + seconds;
  const ctx = context({ consent, state, nextRevision: 4, recordedAt: at(seconds) });
  const events = decideInbound(inbound(n, text), ctx);
  events.forEach(validateEvent);
  const [message] = events;
  if (message?.type !== 'message-received') throw new Error('no message');
  return { events, message, state: events.at(-1)?.data.state ?? EMPTY_CONTACT };
}
const held = (seconds: number): NonNullable<ContactState['heldStops']>[number] => {
  return { eventId: sampleUuid(10 * (1 + seconds)), listType: 'OPT_OUT_ALL', since: at(seconds) };
};

describe('a stop that is said in a sentence', () => {
  it('stands in the event, its words under what is personal, and changes nothing by default', () => {
    const { events, message, state } = decide(SENTENCE);
    expect(events).toHaveLength(1);
    expect(message.data).toMatchObject({
      matched: null,
      suspected: { listType: 'OPT_OUT_ALL', language: 'EN', treatment: 'flag' },
    });
    expect(message.personal?.suspectedPhrase).toBe('stop texting me');
    expect(JSON.stringify(message.data)).not.toContain('texting');
    expect(state).toEqual(EMPTY_CONTACT);
  });

  it.each([
    ['a keyword', 'STOP', {}],
    ['a call for help', 'HELP', { keywordSets: ['SINCH', 'US'] }],
    ['a text that asks for nothing', 'please cancel my order', {}],
    ['any text while consent management is off', SENTENCE, { enabled: false }],
  ] as const)('is not looked for in %s', (_, text, consent) => {
    const { message } = decide(text, consent);
    expect(message.data).not.toHaveProperty('suspected');
    expect(message.personal).not.toHaveProperty('suspectedPhrase');
  });

  it('is absent from events of before, which parse as they were', () => {
    const sample = EVENT_SAMPLES['message-received'];
    const { suspected: _s, state, ...data } = sample.data;
    const { suspectedPhrase: _p, ...personal } = sample.personal ?? { identity: '', sender: '' };
    const { heldStops: _h, ...before } = state;
    const old = { ...sample, data: { ...data, state: before }, personal };
    expect(parseEvent(old)).toEqual(old);
  });
});

describe('a suspected stop that is obeyed', () => {
  const obey = { suspectedStops: 'obey' } as const;

  it('opts out as a keyword does, and keeps where it came from', () => {
    const { events } = decide('stop sending me promotions', { ...obey, replies: [] });
    expect(consentOf(events)).toMatchObject({
      type: 'opted-out',
      data: {
        ...{ listType: 'OPT_OUT_MARKETING', moved: ['OPT_OUT_MARKETING'], origin: 'ORIGIN_SUSPECTED' },
        ...{ language: 'EN', notify: true, reply: { kind: 'OPT_OUT' } },
      },
      personal: { replyText: 'Your request to leave has been accomplished.' },
      meta: { actor: { type: 'contact' }, causationId: sampleUuid(10) },
    });
  });

  it('counts as the own word of the person, which a system without newer evidence cannot take back', () => {
    const { events, state } = decide(SENTENCE, obey);
    expect(state.ownOptOuts?.OPT_OUT_ALL).toEqual({ eventId: events[1]?.id, revision: 5, at: at(0) });
  });

  it('is answered in the first language of the app where its own has no replies', () => {
    const { events } = decide("Arrêtez de m'envoyer des messages", { ...obey, languages: ['ES', 'EN'] });
    expect(consentOf(events)).toMatchObject({
      data: { language: null, reply: { kind: 'OPT_OUT' } },
      personal: { replyText: 'Su solicitud de salida se ha cumplido.' },
    });
  });
});

describe('a suspected stop that holds', () => {
  const hold = { suspectedStops: 'hold' } as const;

  it('stands in the contact until the person says a keyword', () => {
    const { events, state } = decide(SENTENCE, hold);
    expect(events).toHaveLength(1);
    expect(state).toEqual({ ...EMPTY_CONTACT, heldStops: [held(0)] });
    expect(decide('hello', hold, state, 1).state).toEqual(state);
    expect(decide('START', hold, state, 1).state).not.toHaveProperty('heldStops');
    expect(decide('STOP', hold, state, 1).state).not.toHaveProperty('heldStops');
  });

  it('is remembered with the others, but for those whose 72 hours are over, and at most eight', () => {
    const first = decide(SENTENCE, hold).state;
    const justBefore = decide(SENTENCE, hold, first, 72 * 3600 - 1).state;
    expect(justBefore.heldStops).toEqual([held(0), held(72 * 3600 - 1)]);
    expect(decide(SENTENCE, hold, justBefore, 72 * 3600).state.heldStops).toEqual([
      held(72 * 3600 - 1),
      held(72 * 3600),
    ]);
    let state = first;
    for (let n = 1; n <= 20; n++) ({ state } = decide(SENTENCE, hold, state, n));
    expect(state.heldStops).toEqual(Array.from({ length: 8 }, (_, n) => held(13 + n)));
  });
});

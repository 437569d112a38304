import { describe, expect, it } from 'vitest';
import { decideInbound, EMPTY_CONTACT, type ContactContext } from '../../../../domain/consent/consent.js';
import { validateEvent } from '../../../../domain/schemas/event-schemas.js';
import type { ContactState } from '../../../../domain/events/events.js';
import { LIST_TYPES, type ListType } from '../../../../domain/lists.js';
import { at, consentOf, context, inbound } from '../contact-fixtures.js';
import { sampleUlid, sampleUuid } from '../event-samples.js';

const EN_OUT = 'Your request to leave has been accomplished.';
const EN_IN = 'Your request to get back has been accomplished.';

function optedOutOf(...lists: readonly ListType[]): ContactState {
  const entry = { optedOut: true, eventId: sampleUuid(999), revision: 4, at: at(-600) };
  return {
    standing: Object.fromEntries(lists.map((list) => [list, entry])),
    lastConsent: { eventId: sampleUuid(999), direction: 'OPT_OUT' },
    lastOptInReplyAt: null,
  };
}

function decide(text: string | undefined, ctx: ContactContext = context()) {
  const events = decideInbound(inbound(1, text), ctx);
  events.forEach(validateEvent);
  return events;
}

describe('decideInbound', () => {
  it.each(['hello', 'see you at the bus stop', '', undefined])('only records %j', (text) => {
    const state = optedOutOf('OPT_OUT_ALL');
    const [message, ...rest] = decide(text, context({ state, nextRevision: 5 }));
    expect(rest).toEqual([]);
    expect(message).toEqual({
      id: sampleUuid(10),
      type: 'message-received',
      version: 1,
      data: {
        projectId: 'p-1',
        appId: 'app-1',
        contactId: 'c'.repeat(32),
        appRevision: 3,
        messageId: sampleUlid(10),
        provider: 'generic',
        providerMessageId: 'gw-1',
        channel: 'SMS',
        processingMode: 'DISPATCH',
        matched: null,
        bodyVersion: 1,
        state,
      },
      personal: {
        identity: '46700000001',
        sender: '46700000002',
        ...(text === undefined ? {} : { text }),
      },
      meta: { recordedAt: at(0), occurredAt: at(0), actor: { type: 'provider', name: 'generic' } },
    });
  });

  it('keeps what the provider took the text for, and decides by its own keywords all the same', () => {
    const command = { ...inbound(1, 'halt'), providerOptOut: 'STOP' } as const;
    const events = decideInbound(command, context());
    events.forEach(validateEvent);
    expect(events).toMatchObject([{ data: { providerOptOut: 'STOP', matched: null } }]);
  });

  it('records a STOP and the change in one decision', () => {
    const events = decide(' stop ', context({ nextRevision: 7 }));
    expect(events.map(({ type }) => type)).toEqual(['message-received', 'opted-out']);
    const matched = { listType: 'OPT_OUT_ALL', direction: 'OPT_OUT', language: 'EN' };
    expect(events[0]?.data).toMatchObject({ matched, state: EMPTY_CONTACT });
    expect(events[1]).toEqual({
      id: sampleUuid(11),
      type: 'opted-out',
      version: 1,
      data: {
        projectId: 'p-1',
        appId: 'app-1',
        contactId: 'c'.repeat(32),
        appRevision: 3,
        requestId: sampleUlid(11),
        listType: 'OPT_OUT_ALL',
        language: 'EN',
        channel: 'SMS',
        processingMode: 'DISPATCH',
        origin: 'ORIGIN_MO',
        moved: ['OPT_OUT_ALL'],
        previous: null,
        reply: { kind: 'OPT_OUT', messageId: sampleUlid(12) },
        notify: true,
        bodyVersion: 1,
        state: {
          standing: {
            OPT_OUT_ALL: { optedOut: true, eventId: sampleUuid(11), revision: 8, at: at(0) },
          },
          ownOptOuts: { OPT_OUT_ALL: { eventId: sampleUuid(11), revision: 8, at: at(0) } },
          lastConsent: { eventId: sampleUuid(11), direction: 'OPT_OUT' },
          lastOptInReplyAt: null,
        },
      },
      personal: { identity: '46700000001', sender: '46700000002', replyText: EN_OUT },
      meta: {
        recordedAt: at(0),
        occurredAt: at(0),
        actor: { type: 'contact' },
        causationId: sampleUuid(10),
        correlationId: sampleUuid(10),
      },
    });
  });

  it('keeps content that is no text, and reads nothing in it', () => {
    const content = { location_message: { title: 'STOP' } };
    const events = decideInbound({ ...inbound(1, undefined), content }, context());
    events.forEach(validateEvent);
    expect(events).toMatchObject([{ data: { matched: null }, personal: { content } }]);
  });

  it('keeps metadata and the processing mode of the app', () => {
    const ctx = context();
    const app = { ...ctx.app, processingMode: 'CONVERSATION' } as const;
    const events = decideInbound({ ...inbound(1, 'STOP'), metadata: 'm' }, { ...ctx, app });
    expect(events[0]?.personal).toMatchObject({ metadata: 'm' });
    for (const event of events) expect(event.data.processingMode).toBe('CONVERSATION');
  });

  it('marks a repeated opt-out: told, not replied to, and the first event stays the deciding one', () => {
    const state = optedOutOf('OPT_OUT_ALL');
    const event = consentOf(decide('STOP', context({ state })));
    expect(event.data).toMatchObject({ moved: [], reply: null, notify: true, previous: state.lastConsent });
    expect(event.personal).not.toHaveProperty('replyText');
    expect(event.data.state.standing).toEqual(state.standing);
    expect(event.data.state.lastConsent).toEqual({ eventId: event.id, direction: 'OPT_OUT' });
  });

  it('answers an opt-in of somebody on no list and moves nothing', () => {
    const event = consentOf(decide('START'));
    expect(event.data).toMatchObject({ moved: [], reply: { kind: 'OPT_IN' }, notify: true });
    expect(event.data.state).toMatchObject({ standing: {}, lastOptInReplyAt: at(0) });
    expect(event.personal?.replyText).toBe(EN_IN);
  });

  it('lets an opt-in leave its own list only', () => {
    const state = optedOutOf(...LIST_TYPES);
    const event = consentOf(decide('START', context({ state, nextRevision: 5 })));
    expect(event.data.moved).toEqual(['OPT_OUT_ALL']);
    expect(event.data.state.standing).toEqual({
      ...state.standing,
      OPT_OUT_ALL: { optedOut: false, eventId: event.id, revision: 6, at: at(0) },
    });
  });

  it('lets START leave every list it is on where that is set, and START MARKETING its own', () => {
    const consent = { startClearsAll: true };
    const state = optedOutOf('OPT_OUT_MARKETING', 'OPT_OUT_NOTIFICATION');
    expect(consentOf(decide('START', context({ state, consent }))).data.moved).toEqual([
      'OPT_OUT_MARKETING',
      'OPT_OUT_NOTIFICATION',
    ]);
    expect(consentOf(decide('START MARKETING', context({ state, consent }))).data.moved).toEqual([
      'OPT_OUT_MARKETING',
    ]);
    expect(consentOf(decide('STOP', context({ state, consent }))).data.moved).toEqual(['OPT_OUT_ALL']);
  });

  it('answers opt-ins of one contact at most once a minute', () => {
    const asked = (recordedAt: string) =>
      consentOf(
        decide('START', context({ recordedAt, state: { ...EMPTY_CONTACT, lastOptInReplyAt: at(0) } })),
      );
    const early = asked(at(59.999));
    expect(early.data.reply).toBeNull();
    expect(early.data.state.lastOptInReplyAt).toBe(at(0));
    const later = asked(at(60));
    expect(later.data.reply).not.toBeNull();
    expect(later.data.state.lastOptInReplyAt).toBe(at(60));
  });

  it('answers in the language of the word', () => {
    expect(consentOf(decide('salir')).personal?.replyText).toBe('Su solicitud de salida se ha cumplido.');
  });

  it.each([
    { autoReply: false },
    {
      replies: [
        { language: 'EN', listType: 'OPT_OUT_ALL', direction: 'OPT_OUT', text: '' },
        { language: 'EN', listType: 'OPT_OUT_ALL', direction: 'OPT_IN', text: '' },
      ],
    },
  ] as const)('owes no reply under %j', (consent) => {
    for (const text of ['STOP', 'START']) {
      const event = consentOf(decide(text, context({ consent })));
      expect(event.data).toMatchObject({ reply: null, notify: true });
      expect(event.data.state.lastOptInReplyAt).toBeNull();
      expect(event.personal).not.toHaveProperty('replyText');
    }
  });

  it('reads no text while consent management is off', () => {
    const events = decide('STOP', context({ consent: { enabled: false } }));
    expect(events.map(({ type }) => type)).toEqual(['message-received']);
    expect(events[0]?.data).toMatchObject({ matched: null, state: EMPTY_CONTACT });
  });

  it('works the same in SECONDARY mode', () => {
    expect(decide('STOP', context({ consent: { mode: 'SECONDARY' } }))).toEqual(decide('STOP'));
  });

  it.each([
    ['2026-01-02T11:59:00Z', at(-60)],
    ['2026-01-02T12:59:00.123456+01:00', '2026-01-02T11:59:00.123Z'],
    ['2026-01-02T12:00:01Z', at(0)],
    ['2026-01-01T23:59:60Z', at(0)],
    ['0000-01-01T00:00:00+01:00', '1970-01-01T00:00:00.000Z'],
  ])('takes the provider’s time %s for %s', (receivedAt, occurredAt) => {
    const events = decideInbound({ ...inbound(1, 'STOP'), receivedAt }, context());
    events.forEach(validateEvent);
    expect(events.map(({ meta }) => meta.occurredAt)).toEqual([occurredAt, occurredAt]);
    expect(events.map(({ meta }) => meta.recordedAt)).toEqual([at(0), at(0)]);
  });
});

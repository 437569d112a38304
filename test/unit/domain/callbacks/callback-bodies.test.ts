import { describe, expect, it } from 'vitest';
import { buildBody, type CallbackSource } from '../../../../domain/callbacks/callback-bodies.js';
import { triggersOf } from '../../../../domain/callbacks/due-callbacks.js';
import { FIRED_TRIGGERS, type LedgerEvent, type MessageAccepted } from '../../../../domain/events/events.js';
import { EVENT_SAMPLES } from '../event-samples.js';

// The bytes themselves are compared in test/contract/callback-bodies.

const accepted = EVENT_SAMPLES['message-accepted'];
const withoutPersonal = ({ personal: _, ...event }: MessageAccepted): MessageAccepted => event;

const SOURCES: readonly CallbackSource[] = [
  { event: EVENT_SAMPLES['message-received'] },
  { event: EVENT_SAMPLES['opted-out'] },
  { event: EVENT_SAMPLES['opted-in'] },
  { event: EVENT_SAMPLES['message-blocked'], accepted },
  { event: EVENT_SAMPLES['message-dispatched'], accepted },
  { event: EVENT_SAMPLES['message-reported'], accepted },
  {
    event: {
      ...EVENT_SAMPLES['message-failed'],
      data: { ...EVENT_SAMPLES['message-failed'].data, reason: 'MESSAGE_EXPIRED' },
    },
    accepted,
  },
];

describe('buildBody', () => {
  describe.each(SOURCES)('of $event.type', (source) => {
    const event: LedgerEvent = source.event;
    it.each(FIRED_TRIGGERS)('has a body for %s when the event fires it, and refuses otherwise', (trigger) => {
      const build = (): string => buildBody(1, trigger, source);
      if (triggersOf(event).includes(trigger)) expect(JSON.parse(build())).toBeTypeOf('object');
      else expect(build).toThrow(new TypeError(`${event.type} fires no ${trigger}`));
    });
  });

  it('refuses a message whose personal part is gone', () => {
    const source = { event: EVENT_SAMPLES['message-dispatched'], accepted: withoutPersonal(accepted) };
    expect(() => buildBody(1, 'MESSAGE_SUBMIT', source)).toThrow(/has no personal part/);
  });
  it.each([
    ['recipients', { ...accepted, data: { ...accepted.data, recipients: [] } }],
    ['identities', { ...accepted, personal: { ...accepted.personal, identities: [] } } as MessageAccepted],
  ])('refuses a recipient that the message does not have among its %s', (_, other) => {
    const source = { event: EVENT_SAMPLES['message-dispatched'], accepted: other };
    expect(() => buildBody(1, 'MESSAGE_SUBMIT', source)).toThrow(/recipient 0/);
  });
});

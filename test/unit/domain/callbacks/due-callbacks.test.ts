import { describe, expect, it } from 'vitest';
import { dueEndpointIds, isDueAt, triggersOf } from '../../../../domain/callbacks/due-callbacks.js';
import type { EventType, LedgerEvent, Trigger } from '../../../../domain/events/events.js';
import type { Endpoint } from '../../../../domain/settings.js';
import { EVENT_SAMPLES } from '../event-samples.js';

const FIRED: Readonly<Partial<Record<EventType, readonly Trigger[]>>> = {
  'message-received': ['MESSAGE_INBOUND'],
  'opted-out': ['OPT_OUT'],
  'opted-in': ['OPT_IN'],
  'message-blocked': ['MESSAGE_DELIVERY', 'OPT_OUT'],
  'message-dispatched': ['MESSAGE_SUBMIT'],
  'message-reported': ['MESSAGE_DELIVERY'],
};
type Sample<T extends EventType> = Extract<LedgerEvent, { type: T }>;
/** A sample with other data. */
function sample<T extends EventType>(type: T, data: Partial<Sample<T>['data']>): LedgerEvent {
  const event = EVENT_SAMPLES[type];
  return { ...event, data: { ...event.data, ...data } } as LedgerEvent;
}

describe('triggersOf', () => {
  // The sample of message-failed is a superseded reply.
  it.each(Object.values(EVENT_SAMPLES))('$type', (event) => {
    expect(triggersOf(event)).toEqual(FIRED[event.type] ?? []);
  });
  it.each(['opted-out', 'opted-in'] as const)('%s that is not to be told fires nothing', (type) => {
    expect(triggersOf(sample(type, { notify: false }))).toEqual([]);
  });
  it('a block fires OPT_OUT only where the app wants it', () => {
    expect(triggersOf(sample('message-blocked', { notifyOptOut: false }))).toEqual(['MESSAGE_DELIVERY']);
  });
  it.each([
    ['superseded', []],
    ['expired', []],
    ['reply-restored', []],
    ['restored', ['MESSAGE_DELIVERY']],
    ['DELIVERY_TIMED_OUT', ['MESSAGE_DELIVERY']],
    ['MESSAGE_EXPIRED', ['MESSAGE_DELIVERY']],
    ['CHANNEL_REJECT', ['MESSAGE_DELIVERY']],
    ['UNKNOWN_APP', ['MESSAGE_DELIVERY']],
  ] as const)('a message that failed as %s fires %j', (reason, triggers) => {
    expect(triggersOf(sample('message-failed', { reason }))).toEqual(triggers);
  });
});

type Subscription = Pick<Endpoint, 'id' | 'targetType' | 'triggers' | 'disabled'>;
const endpoint = (id: string, over: Partial<Subscription> = {}): Subscription => ({
  id,
  targetType: 'HTTP',
  triggers: ['OPT_OUT', 'MESSAGE_DELIVERY'],
  disabled: null,
  ...over,
});

describe('isDueAt', () => {
  it('asks for the subscription', () => {
    expect(isDueAt(endpoint('a'), 'OPT_OUT')).toBe(true);
    expect(isDueAt(endpoint('a'), 'OPT_IN')).toBe(false);
  });
  it('is false for a muted endpoint', () => {
    expect(isDueAt(endpoint('a', { targetType: 'DISMISS' }), 'OPT_OUT')).toBe(false);
  });
  it('is true for a disabled endpoint: its callbacks are parked, not lost', () => {
    expect(isDueAt(endpoint('a', { disabled: { reason: 'gone' } }), 'OPT_OUT')).toBe(true);
  });
});

describe('dueEndpointIds', () => {
  const all = [endpoint('a'), endpoint('b', { triggers: ['OPT_IN'] }), endpoint('c')];
  it('names every subscribed endpoint, in the order given', () => {
    expect(dueEndpointIds('OPT_OUT', all, null)).toEqual(['a', 'c']);
  });
  it("sends delivery reports to the message's own endpoint instead", () => {
    expect(dueEndpointIds('MESSAGE_DELIVERY', all, 'override-1')).toEqual(['override-1']);
    expect(dueEndpointIds('MESSAGE_DELIVERY', [], 'override-1')).toEqual(['override-1']);
  });
  it('sends everything else to the webhooks all the same', () => {
    expect(dueEndpointIds('OPT_OUT', all, 'override-1')).toEqual(['a', 'c']);
  });
});

import { describe, expect, it } from 'vitest';
import { heldBack, type HoldFacts } from '../../../../domain/messages/holding.js';
import type { HeldStop } from '../../../../domain/events/events.js';

const NOON = Date.parse('2026-11-01T12:00:00.000Z');
const HOUR = 3_600_000;
const stop = (hours: number, listType: HeldStop['listType'] = 'OPT_OUT_ALL'): HeldStop => {
  return { eventId: `e${String(hours)}`, listType, since: new Date(NOON + hours * HOUR).toISOString() };
};
const facts: HoldFacts = {
  ...{ enabled: true, mode: 'PRIMARY', kind: 'MESSAGE', contentType: 'CONTENT_MARKETING' },
  ...{ heldStops: [stop(0)], now: NOON },
};

describe('heldBack', () => {
  it('holds marketing for 72 hours from the newest suspicion, and not a moment longer', () => {
    expect(heldBack(facts)).toEqual({ by: stop(0), until: NOON + 72 * HOUR });
    expect(heldBack({ ...facts, now: NOON + 72 * HOUR - 1 })).not.toBeNull();
    expect(heldBack({ ...facts, now: NOON + 72 * HOUR })).toBeNull();
    expect(heldBack({ ...facts, heldStops: [stop(0), stop(5), stop(3)] })?.by).toEqual(stop(5));
  });

  it.each([
    ['a notification', { contentType: 'CONTENT_NOTIFICATION' }],
    ['a message without a type', { contentType: 'CONTENT_UNKNOWN' }],
    ['a reply', { kind: 'REPLY' }],
    ['anything in Secondary', { mode: 'SECONDARY' }],
    ['anything while consent management is off', { enabled: false }],
    ['anybody whom nothing is suspected of', { heldStops: [] }],
    ['marketing to somebody who only wants no notices', { heldStops: [stop(0, 'OPT_OUT_NOTIFICATION')] }],
  ] as const)('does not hold %s', (_, change) => {
    expect(heldBack({ ...facts, ...change })).toBeNull();
  });

  it('holds for somebody who wants no marketing', () => {
    expect(heldBack({ ...facts, heldStops: [stop(0, 'OPT_OUT_MARKETING')] })).not.toBeNull();
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideSend } from '../../../../domain/messages/enforcement.js';
import { CONTENT_TYPES, MODES, type ListStanding } from '../../../../domain/lists.js';
import { explainSend } from '../../../../domain/messages/send-answer.js';

const standingOf = (eventId: string) =>
  fc.option(
    fc.boolean().map((optedOut): ListStanding => ({ optedOut, eventId, revision: 1, at: '2026-01-01' })),
    { nil: undefined },
  );
const facts = fc.record({
  enabled: fc.boolean(),
  mode: fc.constantFrom(...MODES),
  contentType: fc.constantFrom(...CONTENT_TYPES),
  standing: fc.record({
    OPT_OUT_ALL: standingOf('of all'),
    OPT_OUT_MARKETING: standingOf('of marketing'),
    OPT_OUT_NOTIFICATION: standingOf('of notification'),
  }),
});
const on = (eventId: string) => ({ optedOut: true, eventId, revision: 1, at: '2026-01-01' });

const NOW = Date.parse('2026-11-01T12:00:00.000Z');
const nothingHeld = { heldStops: [], now: NOW };

describe('explainSend', () => {
  it('allows what decideSend allows, with the same list and event where it blocks', () => {
    fc.assert(
      fc.property(facts, ({ standing, ...rest }) => {
        const answer = explainSend({ ...rest, standings: [standing], ...nothingHeld } as Parameters<
          typeof explainSend
        >[0]);
        const decision = decideSend({ ...rest, kind: 'MESSAGE', standings: [standing] } as Parameters<
          typeof decideSend
        >[0]);
        expect(answer.allowed).toBe(decision.allow);
        if (!decision.allow) {
          const { listType, decidedBy } = decision;
          expect(answer.optOut).toEqual({ listType, decidedBy });
        }
        expect(answer.reason === 'RECIPIENT_NOT_OPTED_IN').toBe(!answer.allowed);
        expect(answer.reason === 'NO_OPT_OUT').toBe(answer.optOut === null);
      }),
    );
  });

  it.each([
    [true, 'PRIMARY', { OPT_OUT_MARKETING: on('m') }, 'RECIPIENT_NOT_OPTED_IN', 'OPT_OUT_MARKETING'],
    [true, 'SECONDARY', { OPT_OUT_MARKETING: on('m') }, 'SECONDARY_MODE', 'OPT_OUT_MARKETING'],
    [false, 'PRIMARY', { OPT_OUT_ALL: on('a') }, 'CONSENT_DISABLED', 'OPT_OUT_ALL'],
    [false, 'SECONDARY', { OPT_OUT_ALL: on('a') }, 'CONSENT_DISABLED', 'OPT_OUT_ALL'],
    [true, 'PRIMARY', { OPT_OUT_NOTIFICATION: on('n') }, 'NO_OPT_OUT', undefined],
    [false, 'PRIMARY', {}, 'NO_OPT_OUT', undefined],
  ] as const)('says why: enabled %s, %s', (enabled, mode, standing, reason, listType) => {
    const facts = { enabled, mode, contentType: 'CONTENT_MARKETING', standings: [standing] } as const;
    const answer = explainSend({ ...facts, ...nothingHeld });
    expect([answer.reason, answer.optOut?.listType]).toEqual([reason, listType]);
  });

  it('says that marketing waits where a stop is suspected, unless a list says more', () => {
    const held = { eventId: 's', listType: 'OPT_OUT_ALL', since: '2026-11-01T11:00:00.000Z' } as const;
    const facts = { enabled: true, mode: 'PRIMARY', now: NOW, heldStops: [held] } as const;
    const marketing = { ...facts, contentType: 'CONTENT_MARKETING' } as const;
    expect(explainSend({ ...marketing, standings: [{}] })).toEqual({
      ...{ allowed: false, reason: 'SUSPECTED_STOP' },
      optOut: { listType: 'OPT_OUT_ALL', decidedBy: 's' },
    });
    expect(explainSend({ ...marketing, standings: [{ OPT_OUT_MARKETING: on('m') }] })).toMatchObject({
      reason: 'RECIPIENT_NOT_OPTED_IN',
    });
    expect(explainSend({ ...facts, contentType: 'CONTENT_NOTIFICATION', standings: [{}] }).allowed).toBe(
      true,
    );
  });
});

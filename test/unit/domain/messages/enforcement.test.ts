import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideSend } from '../../../../domain/messages/enforcement.js';
import {
  CONTENT_TYPES,
  isOptedOut,
  LIST_TYPES,
  MODES,
  type ListStanding,
  type ListType,
  type Standing,
} from '../../../../domain/lists.js';

const facts = { enabled: true, mode: 'PRIMARY', kind: 'MESSAGE' } as const;

function on(...lists: ListType[]): Standing {
  const entries = lists.map((list): [ListType, ListStanding] => [
    list,
    { optedOut: true, eventId: `event-of-${list}`, revision: 1, at: '2026-01-01T00:00:00.000Z' },
  ]);
  return Object.fromEntries(entries);
}

describe('decideSend', () => {
  const ALL = 'OPT_OUT_ALL';
  const MARKETING = 'OPT_OUT_MARKETING';
  const NOTIFICATION = 'OPT_OUT_NOTIFICATION';
  it.each([
    ['CONTENT_MARKETING', [ALL], ALL],
    ['CONTENT_MARKETING', [MARKETING], MARKETING],
    ['CONTENT_MARKETING', [NOTIFICATION], null],
    ['CONTENT_NOTIFICATION', [ALL], ALL],
    ['CONTENT_NOTIFICATION', [MARKETING], null],
    ['CONTENT_NOTIFICATION', [NOTIFICATION], NOTIFICATION],
    ['CONTENT_UNKNOWN', [ALL], ALL],
    ['CONTENT_UNKNOWN', [MARKETING], null],
    ['CONTENT_UNKNOWN', [NOTIFICATION], null],
    ['CONTENT_UNKNOWN', [MARKETING, NOTIFICATION], null],
    ['CONTENT_MARKETING', [MARKETING, ALL], ALL],
    ['CONTENT_MARKETING', [], null],
  ] as const)('%s to someone on %j is blocked by %s', (contentType, lists, by) => {
    const expected =
      by === null
        ? { allow: true }
        : { allow: false, listType: by, recipientIndex: 0, decidedBy: `event-of-${by}` };
    expect(decideSend({ ...facts, contentType, standings: [on(...lists)] })).toEqual(expected);
  });

  it('blocks the whole message for its first blocked recipient', () => {
    const standings = [{}, on(NOTIFICATION), on(MARKETING), on(ALL)];
    expect(decideSend({ ...facts, contentType: 'CONTENT_MARKETING', standings })).toEqual({
      allow: false,
      listType: MARKETING,
      recipientIndex: 2,
      decidedBy: `event-of-${MARKETING}`,
    });
  });

  it('allows who came back', () => {
    const back: Standing = { OPT_OUT_ALL: { optedOut: false, eventId: 'e', revision: 2, at: '' } };
    expect(decideSend({ ...facts, contentType: 'CONTENT_UNKNOWN', standings: [back] })).toEqual({
      allow: true,
    });
    expect(decideSend({ ...facts, contentType: 'CONTENT_UNKNOWN', standings: [] })).toEqual({ allow: true });
  });

  it('blocks exactly by the matrix, and only messages of an enabled app in PRIMARY', () => {
    const standing = fc.subarray([...LIST_TYPES]).map((lists) => on(...lists));
    const question = fc.record({
      enabled: fc.boolean(),
      mode: fc.constantFrom(...MODES),
      kind: fc.constantFrom('MESSAGE' as const, 'REPLY' as const),
      contentType: fc.constantFrom(...CONTENT_TYPES),
      standings: fc.array(standing, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(question, (asked) => {
        const own = {
          CONTENT_MARKETING: MARKETING,
          CONTENT_NOTIFICATION: NOTIFICATION,
          CONTENT_UNKNOWN: ALL,
        } as const;
        const blocking = asked.standings.some(
          (one) => isOptedOut(one, ALL) || isOptedOut(one, own[asked.contentType]),
        );
        const enforced = asked.enabled && asked.mode === 'PRIMARY' && asked.kind === 'MESSAGE';
        expect(decideSend(asked).allow).toBe(!(enforced && blocking));
      }),
    );
  });
});

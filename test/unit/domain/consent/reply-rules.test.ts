import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReplyCause } from '../../../../domain/events/events.js';
import type { ListType, Standing } from '../../../../domain/lists.js';
import {
  dueReplyOf,
  judgeReply,
  REPLY_LIFETIME_MS,
  replyCauseOf,
} from '../../../../domain/consent/reply-rules.js';
import { at, NOON } from '../contact-fixtures.js';
import { play, steps } from '../contact-histories.js';
import { EVENT_SAMPLES, sampleUlid, sampleUuid } from '../event-samples.js';

function cause(kind: 'OPT_OUT' | 'OPT_IN', listType: ListType = 'OPT_OUT_ALL'): ReplyCause {
  return { stream: 'contact-1', revision: 5, eventId: sampleUuid(1), kind, listType, at: at(0) };
}

function moved(list: ListType, optedOut: boolean, revision: number): Standing {
  return { [list]: { optedOut, eventId: sampleUuid(2), revision, at: at(0) } };
}

const soon = { startClearsAll: false, now: NOON + 1000 };

describe('replyCauseOf', () => {
  const { meta } = EVENT_SAMPLES['opted-out'];
  it.each([
    [at(0), at(-60), at(-60)],
    [at(0), at(0), at(0)],
    [at(-60), at(0), at(-60)],
  ])('of an event recorded %s that occurred %s counts from %s', (recordedAt, occurredAt, from) => {
    const event = { ...EVENT_SAMPLES['opted-out'], meta: { ...meta, recordedAt, occurredAt } };
    expect(replyCauseOf({ stream: 'contact-1', revision: 5, event })).toEqual({
      stream: 'contact-1',
      revision: 5,
      eventId: event.id,
      kind: 'OPT_OUT',
      listType: 'OPT_OUT_ALL',
      at: from,
    });
  });

  it('is null where no reply is due', () => {
    expect(dueReplyOf(EVENT_SAMPLES['opted-out'])).toEqual({ kind: 'OPT_OUT', messageId: sampleUlid(2) });
    const event = EVENT_SAMPLES['opted-in'];
    expect(dueReplyOf(event)).toBeNull();
    expect(replyCauseOf({ stream: 'contact-1', revision: 5, event })).toBeNull();
  });
});

describe('a call for help', () => {
  const asked = EVENT_SAMPLES['message-received'];
  const place = { stream: 'contact-1', revision: 5 };

  it('is a cause of its own kind, which names no list', () => {
    const { recordedAt } = asked.meta;
    expect(dueReplyOf(asked)).toEqual({ kind: 'HELP', messageId: sampleUlid(6) });
    expect(replyCauseOf({ ...place, event: asked })).toEqual({
      ...place,
      eventId: asked.id,
      kind: 'HELP',
      at: recordedAt,
    });
  });

  it('owes nothing where the app sends no help, and where none was asked for', () => {
    const { help: _, ...plain } = asked.data;
    for (const data of [plain, { ...plain, help: { language: 'EN' as const, reply: null } }]) {
      const event = { ...asked, data };
      expect([dueReplyOf(event), replyCauseOf({ ...place, event })]).toEqual([null, null]);
    }
  });

  it('is answered whatever the lists say by then, for five minutes', () => {
    const help: ReplyCause = { ...place, eventId: sampleUuid(1), kind: 'HELP', at: at(0) };
    for (const optedOut of [true, false]) {
      const standing = moved('OPT_OUT_ALL', optedOut, 6);
      for (const startClearsAll of [true, false]) {
        const verdict = (now: number) => judgeReply({ cause: help, standing, startClearsAll, now });
        expect(verdict(NOON + REPLY_LIFETIME_MS - 1)).toBe('due');
        expect(verdict(NOON + REPLY_LIFETIME_MS)).toBe('expired');
      }
    }
  });
});

describe('judgeReply', () => {
  it('is due while its own event is the last word', () => {
    expect(judgeReply({ ...soon, cause: cause('OPT_OUT'), standing: moved('OPT_OUT_ALL', true, 5) })).toBe(
      'due',
    );
    expect(judgeReply({ ...soon, cause: cause('OPT_IN'), standing: {} })).toBe('due');
    expect(judgeReply({ ...soon, cause: cause('OPT_IN'), standing: moved('OPT_OUT_ALL', false, 3) })).toBe(
      'due',
    );
  });

  it('is superseded by a later move of its own list', () => {
    const back = moved('OPT_OUT_ALL', false, 6);
    expect(judgeReply({ ...soon, cause: cause('OPT_OUT'), standing: back })).toBe('superseded');
    const out = moved('OPT_OUT_ALL', true, 6);
    expect(judgeReply({ ...soon, cause: cause('OPT_IN'), standing: out })).toBe('superseded');
    // Out, back, and out again: the second opt-out has a confirmation of its own.
    expect(judgeReply({ ...soon, cause: cause('OPT_OUT'), standing: out })).toBe('superseded');
  });

  it.each([
    ['OPT_IN', true, 6, false, 'due'],
    ['OPT_IN', true, 6, true, 'superseded'],
    ['OPT_IN', true, 4, true, 'due'],
    ['OPT_IN', false, 6, true, 'due'],
    ['OPT_OUT', true, 6, true, 'due'],
    ['OPT_OUT', false, 6, true, 'superseded'],
    ['OPT_OUT', false, 6, false, 'due'],
  ] as const)(
    '%s, another list moved (out: %s, revision %i), START clears all %s: %s',
    (kind, optedOut, revision, startClearsAll, verdict) => {
      const standing = moved('OPT_OUT_MARKETING', optedOut, revision);
      expect(judgeReply({ ...soon, cause: cause(kind), standing, startClearsAll })).toBe(verdict);
    },
  );

  it('expires five minutes after its cause', () => {
    const asked = (now: number) => judgeReply({ ...soon, cause: cause('OPT_OUT'), standing: {}, now });
    expect(asked(NOON - 1000)).toBe('due');
    expect(asked(NOON + REPLY_LIFETIME_MS - 1)).toBe('due');
    expect(asked(NOON + REPLY_LIFETIME_MS)).toBe('expired');
    const superseded = { standing: moved('OPT_OUT_ALL', false, 6), now: NOON + REPLY_LIFETIME_MS };
    expect(judgeReply({ ...soon, cause: cause('OPT_OUT'), ...superseded })).toBe('superseded');
  });

  it('agrees, for every reply of a random history, with a look through all later events', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const entries = play(history);
        const standing = entries.at(-1)?.event.data.state.standing ?? {};
        for (const { event, revision } of entries) {
          if (event.type === 'message-received') continue;
          const from = replyCauseOf({ stream: 'contact-1', revision, event });
          if (from === null || from.kind === 'HELP') continue;
          const against = entries
            .slice(revision + 1)
            .some(
              (later) =>
                later.event.type !== 'message-received' &&
                later.event.type !== event.type &&
                later.event.data.moved.includes(from.listType),
            );
          const verdict = judgeReply({
            cause: from,
            standing,
            startClearsAll: false,
            now: Date.parse(from.at),
          });
          expect(verdict).toBe(against ? 'superseded' : 'due');
        }
      }),
    );
  });
});

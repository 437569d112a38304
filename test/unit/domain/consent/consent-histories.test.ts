import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_CONTACT, evolveContact } from '../../../../domain/consent/consent.js';
import { validateEvent } from '../../../../domain/schemas/event-schemas.js';
import { isOptedOut, LIST_TYPES, type ListType } from '../../../../domain/lists.js';
import { MEANINGS, play, SENTENCES, steps, type Entry } from '../contact-histories.js';

const consentEvents = (entries: readonly Entry[]) =>
  entries.flatMap(({ event, ...rest }) => (event.type === 'message-received' ? [] : [{ event, ...rest }]));

describe('random histories of a contact', () => {
  it('fold to the state that their last event carries, at every event', () => {
    fc.assert(
      fc.property(steps, (history) => {
        let folded = EMPTY_CONTACT;
        for (const { revision, event } of play(history)) {
          // What the event carries is taken away, so that the fold cannot read it.
          const bare = { ...event, data: { ...event.data, state: EMPTY_CONTACT } } as typeof event;
          folded = evolveContact(folded, { revision, event: bare });
          expect(event.data.state).toEqual(folded);
        }
      }),
    );
  });

  it('leave the contact on the lists that a plain model says', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const model = new Set<ListType>();
        for (const { api, text, settings } of history) {
          const meaning = api === null ? MEANINGS[settings.enabled ? (text ?? '') : ''] : undefined;
          const sentence = settings.enabled ? SENTENCES[text ?? ''] : undefined;
          const obeyed =
            sentence && settings.suspectedStops === 'obey' ? ([sentence, 'OPT_OUT'] as const) : undefined;
          const [list, direction] = api === null ? (meaning ?? obeyed ?? []) : [api.listType, api.direction];
          if (list === undefined) continue;
          if (direction === 'OPT_OUT') model.add(list);
          else model.delete(list);
          if (meaning && direction === 'OPT_IN' && list === 'OPT_OUT_ALL' && settings.startClearsAll)
            model.clear();
        }
        const standing = play(history).at(-1)?.event.data.state.standing ?? {};
        expect(LIST_TYPES.filter((list) => isOptedOut(standing, list))).toEqual(
          LIST_TYPES.filter((list) => model.has(list)),
        );
      }),
    );
  });

  it('name, for every list, the event and revision that moved it last', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const entries = play(history);
        const standing = entries.at(-1)?.event.data.state.standing ?? {};
        for (const list of LIST_TYPES) {
          const last = consentEvents(entries).findLast(({ event }) => event.data.moved.includes(list));
          const expected = last && {
            optedOut: last.event.type === 'opted-out',
            eventId: last.event.id,
            revision: last.revision,
            at: last.event.meta.recordedAt,
          };
          expect(standing[list]).toEqual(expected);
        }
      }),
    );
  });

  it('chain the consent events, each to the one before', () => {
    fc.assert(
      fc.property(steps, (history) => {
        let previous = null;
        for (const { event } of consentEvents(play(history))) {
          expect(event.data.previous).toEqual(previous);
          previous = { eventId: event.id, direction: event.type === 'opted-out' ? 'OPT_OUT' : 'OPT_IN' };
        }
      }),
    );
  });

  it('owe replies to keywords only, to opt-outs that moved, and to opt-ins a minute apart', () => {
    fc.assert(
      fc.property(steps, (history) => {
        let lastAnswer = -Infinity;
        for (const { event, step } of consentEvents(play(history))) {
          const { data, personal, meta } = event;
          const time = Date.parse(meta.recordedAt);
          const due =
            step.api === null &&
            step.settings.autoReply &&
            (event.type === 'opted-out' ? data.moved.length > 0 : time - lastAnswer >= 60_000);
          if (due && event.type === 'opted-in') lastAnswer = time;
          expect(data.reply !== null).toBe(due);
          expect(personal?.replyText !== undefined).toBe(due);
          expect(data.notify).toBe(step.api === null || step.settings.callbackOnApi);
        }
      }),
    );
  });

  it('consist of valid events', () => {
    fc.assert(
      fc.property(steps, (history) => {
        for (const { event } of play(history))
          expect(() => {
            validateEvent(event);
          }).not.toThrow();
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventType, LedgerEvent, ReportStatus } from '../../../../domain/events/events.js';
import {
  evolveMessage,
  foldMessage,
  hasEnded,
  NO_MESSAGE,
  type MessageProgress,
} from '../../../../domain/messages/message.js';
import { EVENT_SAMPLES } from '../event-samples.js';

const accepted = EVENT_SAMPLES['message-accepted'];
const intent = (attempt: number): LedgerEvent => {
  const event = EVENT_SAMPLES['message-handing-over'];
  return { ...event, data: { ...event.data, attempt } };
};
const report = (status: ReportStatus): LedgerEvent => {
  const event = EVENT_SAMPLES['message-reported'];
  return { ...event, data: { ...event.data, status } };
};
const notSent = EVENT_SAMPLES['message-not-sent'];
const notSentAtOnce: LedgerEvent = { ...notSent, data: { ...notSent.data, retryAt: null } };
const dispatched = EVENT_SAMPLES['message-dispatched'];
const blocked = EVENT_SAMPLES['message-blocked'];
const failed = EVENT_SAMPLES['message-failed'];
const AT = accepted.meta.recordedAt;

const fold = (...events: LedgerEvent[]): MessageProgress =>
  foldMessage(events.map((event, revision) => ({ event, revision })));

describe('foldMessage', () => {
  it('of nothing', () => {
    expect(fold()).toEqual(NO_MESSAGE);
  });
  it.each<[string, LedgerEvent[], Partial<MessageProgress>]>([
    ['accepted', [accepted], { state: 'accepted', attempt: 0, revision: 0 }],
    [
      'an intent without outcome',
      [accepted, intent(1)],
      { state: 'handing-over', attempt: 1, handingOverSince: AT, reportedAfterIntent: false },
    ],
    [
      'refused for now',
      [accepted, intent(1), notSent],
      { state: 'waiting', attempt: 1, retryAt: AT, handingOverSince: null },
    ],
    ['refused, no time named', [accepted, intent(1), notSentAtOnce], { state: 'waiting', retryAt: null }],
    [
      'tried again',
      [accepted, intent(1), notSent, intent(2)],
      { state: 'handing-over', attempt: 2, retryAt: null, handingOverSince: AT },
    ],
    ['dispatched', [accepted, intent(1), dispatched], { state: 'dispatched', handingOverSince: null }],
    ['blocked', [accepted, blocked], { state: 'blocked', attempt: 0 }],
    ['failed after a wait', [accepted, intent(1), notSent, failed], { state: 'failed', retryAt: null }],
    [
      'queued while the outcome is open',
      [accepted, intent(1), report('QUEUED_ON_CHANNEL')],
      { state: 'handing-over', reportedAfterIntent: true, revision: 2 },
    ],
    [
      'a receipt of the attempt before does not count for a new intent',
      [accepted, intent(1), report('FAILED'), intent(2)],
      { state: 'handing-over', reportedAfterIntent: false },
    ],
    [
      'delivered while the outcome is open',
      [accepted, intent(1), report('DELIVERED')],
      { state: 'dispatched', reportedAfterIntent: true, handingOverSince: null },
    ],
    ['read while the outcome is open', [accepted, intent(1), report('READ')], { state: 'dispatched' }],
    [
      'delivered although it was said not to be taken',
      [accepted, intent(1), notSent, report('DELIVERED')],
      { state: 'dispatched', reportedAfterIntent: false, retryAt: null },
    ],
    ['a receipt for what was never tried', [accepted, report('DELIVERED')], { state: 'accepted' }],
    [
      'events of another stream',
      [accepted, EVENT_SAMPLES['app-created']],
      { state: 'accepted', revision: 1 },
    ],
  ])('%s', (_, events, expected) => {
    expect(fold(...events)).toMatchObject(expected);
  });
  it('keeps the first end', () => {
    expect(fold(accepted, intent(1), report('READ'), failed)).toMatchObject({
      state: 'dispatched',
      revision: 3,
    });
    expect(fold(accepted, failed, dispatched)).toMatchObject({ state: 'failed', revision: 2 });
  });

  const types: EventType[] = Object.values(EVENT_SAMPLES)
    .map(({ type }) => type)
    .filter((type) => /^message-(?!received|accepted)/.test(type));
  it('an end is an end, the revision is the last one', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...types), { maxLength: 12 }), (later) => {
        const history: EventType[] = ['message-accepted', ...later];
        let progress = NO_MESSAGE;
        history.forEach((type, revision) => {
          const next = evolveMessage(progress, { revision, event: EVENT_SAMPLES[type] });
          if (hasEnded(progress)) expect(next).toEqual({ ...progress, revision });
          expect(next.revision).toBe(revision);
          expect(next.handingOverSince !== null).toBe(next.state === 'handing-over');
          expect(next.retryAt === null || next.state === 'waiting').toBe(true);
          progress = next;
        });
        expect(progress).toEqual(fold(...history.map((type) => EVENT_SAMPLES[type])));
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import type { ReplyCause } from '../../../../domain/events/events.js';
import type { ListStanding } from '../../../../domain/lists.js';
import { judgeMessage, type MessageQuestion } from '../../../../domain/messages/message-verdict.js';

const NOW = Date.parse('2026-11-01T12:00:00.000Z');
const onList: ListStanding = {
  optedOut: true,
  eventId: 'e1',
  revision: 7,
  at: '2026-11-01T11:00:00.000Z',
};
const cause: ReplyCause = {
  stream: 'contact-c',
  revision: 3,
  eventId: 'e0',
  kind: 'OPT_IN',
  listType: 'OPT_OUT_ALL',
  at: '2026-11-01T11:59:00.000Z',
};
const send: MessageQuestion = {
  kind: 'MESSAGE',
  contentType: 'CONTENT_UNKNOWN',
  expiresAt: '2026-11-01T13:00:00.000Z',
  cause: null,
  rules: { deleted: false, enabled: true, mode: 'PRIMARY', startClearsAll: false, hasChannel: true },
  standings: [{}],
  now: NOW,
};
const withRules = (rules: Partial<MessageQuestion['rules']>): MessageQuestion => ({
  ...send,
  rules: { ...send.rules, ...rules },
});

describe('judgeMessage', () => {
  it('hands over what nothing forbids', () => {
    expect(judgeMessage(send)).toEqual({ verdict: 'hand-over' });
  });

  it('blocks by the first recipient on a list that blocks, and says which event put it there', () => {
    expect(judgeMessage({ ...send, standings: [{}, { OPT_OUT_ALL: onList }] })).toEqual({
      verdict: 'block',
      listType: 'OPT_OUT_ALL',
      recipientIndex: 1,
      decidedBy: 'e1',
    });
  });

  it('says blocked, not expired, where both are true: the list is the stronger reason', () => {
    const late = { ...send, now: Date.parse(send.expiresAt), standings: [{ OPT_OUT_ALL: onList }] };
    expect(judgeMessage(late)).toMatchObject({ verdict: 'block' });
  });

  it('begins no try at or after the expiry', () => {
    const at = Date.parse(send.expiresAt);
    expect(judgeMessage({ ...send, now: at - 1 })).toEqual({ verdict: 'hand-over' });
    expect(judgeMessage({ ...send, now: at })).toEqual({ verdict: 'fail', reason: 'MESSAGE_EXPIRED' });
  });

  it('fails for a deleted app and for one without a channel', () => {
    expect(judgeMessage(withRules({ deleted: true, hasChannel: false }))).toEqual({
      verdict: 'fail',
      reason: 'UNKNOWN_APP',
    });
    expect(judgeMessage(withRules({ hasChannel: false }))).toEqual({
      verdict: 'fail',
      reason: 'CHANNEL_CONFIGURATION_MISSING',
    });
  });

  it('hands a reply over to someone on the list, unless it is superseded or too old', () => {
    const reply: MessageQuestion = { ...send, kind: 'REPLY', cause, expiresAt: '2026-11-01T12:04:00.000Z' };
    const before = { ...onList, revision: 2 };
    expect(judgeMessage({ ...reply, standings: [{ OPT_OUT_ALL: before }] })).toEqual({
      verdict: 'hand-over',
    });
    expect(judgeMessage({ ...reply, standings: [{ OPT_OUT_ALL: onList }] })).toEqual({
      verdict: 'fail',
      reason: 'superseded',
    });
    expect(judgeMessage({ ...reply, now: NOW + 240_000 })).toEqual({ verdict: 'fail', reason: 'expired' });
    expect(judgeMessage({ ...reply, standings: [] })).toEqual({ verdict: 'hand-over' });
  });
});

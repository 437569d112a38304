import { describe, expect, it } from 'vitest';
import type { OpenMessage, ReadMessages } from '../../../activities/messages/hand-over-types.js';
import { planMessage, type MessageStep } from '../../../workflows/plan-message.js';

const NOW = Date.parse('2026-11-01T12:00:00.000Z');
const at = (ms: number): string => new Date(NOW + ms).toISOString();
const item = { messageId: 'm', projectId: 'p', appId: 'a', cause: null };
const open: OpenMessage = {
  status: 'open',
  item,
  revision: 0,
  phase: 'new',
  attempt: 0,
  retryAt: null,
  handingOverSince: null,
  unresolved: 0,
  kind: 'MESSAGE',
  contentType: 'CONTENT_MARKETING',
  expiresAt: at(3_600_000),
  cause: null,
  contacts: [{ at: { stream: 'contact-c', revision: 4 }, standing: {} }],
};
const optedOut = { optedOut: true, eventId: 'e', revision: 4, at: at(-1) };
const stopped = {
  contacts: [{ at: { stream: 'contact-c', revision: 4 }, standing: { OPT_OUT_MARKETING: optedOut } }],
};
const permit = {
  app: { stream: 'app-a', revision: 2 },
  contacts: [{ stream: 'contact-c', revision: 4 }],
};

function plan(
  message: Partial<OpenMessage>,
  { idempotent = false, mode = 'PRIMARY' as const } = {},
): MessageStep {
  const full = { ...open, ...message };
  const rules = { deleted: false, enabled: true, mode, startClearsAll: false, hasChannel: true };
  const read: ReadMessages = {
    now: NOW,
    apps: { a: { at: permit.app, rules, notifyOptOut: true, idempotent } },
    messages: [full],
  };
  return planMessage(read, full);
}

describe('planMessage', () => {
  it('hands a new message over on a permit that names every stream it rests on', () => {
    expect(plan({})).toEqual({
      step: 'act',
      plan: { action: 'hand-over', item, revision: 0, attempt: 1, permit },
    });
  });

  it('blocks with everything that the event has to say', () => {
    expect(plan(stopped)).toMatchObject({
      plan: {
        ...{ action: 'block', attempt: 0, listType: 'OPT_OUT_MARKETING', recipientIndex: 0, decidedBy: 'e' },
        ...{ mode: 'PRIMARY', notifyOptOut: true, permit },
      },
    });
  });

  it('fails what the app has no channel for, unless it is blocked', () => {
    const missing = { channelMissing: true };
    expect(plan(missing)).toMatchObject({
      plan: { action: 'fail', reason: 'CHANNEL_CONFIGURATION_MISSING' },
    });
    expect(plan({ ...missing, ...stopped })).toMatchObject({ plan: { action: 'block' } });
  });

  it('fails what has expired', () => {
    expect(plan({ expiresAt: at(0) })).toMatchObject({ plan: { action: 'fail', reason: 'MESSAGE_EXPIRED' } });
  });

  describe('where a stop is suspected', () => {
    const heldSince = (ms: number): Partial<OpenMessage> => {
      const heldStops = [{ eventId: 'e', listType: 'OPT_OUT_ALL', since: at(ms) }] as const;
      return { contacts: open.contacts.map((contact) => ({ ...contact, heldStops })) };
    };
    const HOLD = 72 * 3_600_000;

    it('waits, and looks every minute whether somebody has decided', () => {
      const waits = { step: 'wait', waitMs: 60_000, until: at(60_000), why: 'held' };
      expect(plan(heldSince(0))).toEqual(waits);
      expect(plan({ ...heldSince(0), phase: 'waiting', retryAt: at(-1) })).toEqual(waits);
    });

    it('waits no longer than the suspicion counts or the message lives', () => {
      expect(plan(heldSince(-HOLD + 5))).toMatchObject({ step: 'wait', waitMs: 5 });
      expect(plan({ ...heldSince(0), expiresAt: at(7) })).toMatchObject({ step: 'wait', waitMs: 7 });
      expect(plan(heldSince(-HOLD))).toMatchObject({ plan: { action: 'hand-over' } });
      expect(plan({ ...heldSince(0), expiresAt: at(0) })).toMatchObject({ plan: { action: 'fail' } });
    });

    it('repeats nothing meanwhile: what may have left already is not sent again blindly', () => {
      const unknown = {
        ...heldSince(0),
        phase: 'handing-over',
        attempt: 1,
        handingOverSince: at(-20_000),
      } as const;
      expect(plan(unknown)).toMatchObject({ plan: { action: 'fail', reason: 'DELIVERY_TIMED_OUT' } });
      expect(plan(unknown, { idempotent: true })).toMatchObject({ step: 'wait', why: 'held' });
    });
  });

  it('waits until the next try is due, and decides anew then', () => {
    const waiting = { phase: 'waiting', attempt: 3, revision: 7 } as const;
    expect(plan({ ...waiting, retryAt: at(5_000) })).toEqual({
      ...{ step: 'wait', waitMs: 5_000, until: at(5_000), why: 'retry' },
    });
    expect(plan({ ...waiting, retryAt: at(0) })).toMatchObject({ plan: { action: 'hand-over', attempt: 4 } });
    expect(plan({ ...waiting, retryAt: null })).toMatchObject({ plan: { action: 'hand-over', revision: 7 } });
    expect(plan({ ...waiting, retryAt: at(0), ...stopped })).toMatchObject({ plan: { action: 'block' } });
  });

  it('leaves an intent alone until its deadline', () => {
    const intent = { phase: 'handing-over', attempt: 1, unresolved: 1 } as const;
    expect(plan({ ...intent, handingOverSince: at(-9_000) })).toMatchObject({
      step: 'wait',
      waitMs: 1_000,
      why: 'outcome',
    });
  });

  it('ends an unknown outcome, or repeats the attempt where the channel honours a key', () => {
    const unknown = {
      phase: 'handing-over',
      attempt: 2,
      unresolved: 1,
      handingOverSince: at(-10_000),
    } as const;
    const timedOut = { plan: { action: 'fail', attempt: 2, reason: 'DELIVERY_TIMED_OUT' } };
    expect(plan(unknown)).toMatchObject(timedOut);
    expect(plan(unknown, { idempotent: true })).toMatchObject({ plan: { action: 'hand-over', attempt: 2 } });
    expect(plan({ ...unknown, ...stopped }, { idempotent: true })).toMatchObject(timedOut);
    expect(plan({ ...unknown, expiresAt: at(0) }, { idempotent: true })).toMatchObject(timedOut);
  });

  it('passes on what has ended or could not be read', () => {
    const read: ReadMessages = { now: NOW, apps: {}, messages: [] };
    expect(planMessage(read, { status: 'ended', item, as: 'blocked' })).toEqual({
      step: 'end',
      as: 'blocked',
    });
    expect(planMessage(read, { status: 'faulted', item, code: 'InvalidEvent' })).toEqual({
      ...{ step: 'fault', code: 'InvalidEvent' },
    });
    expect(planMessage(read, open)).toEqual({ step: 'fault', code: 'MessageUnreadable' });
  });
});

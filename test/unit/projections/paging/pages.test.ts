import { describe, expect, it } from 'vitest';
import type { LedgerEvent } from '../../../../domain/events/events.js';
import { callbackId } from '../../../../ledger/event-ids.js';
import type { CallbackFilter } from '../../../../projections/views/callback-pages.js';
import { contactKeyOf } from '../../../../projections/paging/contact-key.js';
import type { MessageFilter } from '../../../../projections/views/message-pages.js';
import type { Views } from '../../../../projections/views.js';
import { acceptedData, appState, at, attemptData, contactIdOf, endpoint, event } from '../events.js';
import { ofMessage, PROJECT, receivedData, ulid } from '../events.js';
import { ledgerOf, withDirectory, withViews } from '../open-views.js';

type Entry = readonly [string, LedgerEvent];
const MINUTE = 60_000;

const viewsOf = <T>(entries: readonly Entry[], use: (views: Views) => T): Promise<T> =>
  withDirectory(async (file) => withViews({ file: file('v.db'), ledger: await ledgerOf(entries) }, use));
const app = (appId: string, ...ids: string[]): Entry => [
  `app-${appId}`,
  event(90_000 + ids.length, 'app-created', {
    state: appState(appId, { endpoints: ids.map((id) => endpoint(id)) }),
  }),
];
const inbound = (n: number, { contact = 'ann', appId = 'app-1', ms = n * MINUTE } = {}): Entry => [
  `contact-${contact}`,
  event(n, 'message-received', receivedData(appId, contactIdOf(contact), ulid(`m-${String(n)}`)), { ms }),
];
const parked = (n: number, id: string): Entry => {
  const data = {
    ...{ projectId: PROJECT, appId: 'app-1', endpointId: id, trigger: 'MESSAGE_INBOUND' as const },
    ...{ callbackId: callbackId(inbound(n)[1].id, 'MESSAGE_INBOUND', id), eventId: inbound(n)[1].id },
  };
  const { attempt, class: _, status, fault, durationMs } = attemptData(data, { status: 400 });
  const last = { attempt, class: 'refused', status, fault, durationMs } as const;
  return [
    `cb-${String(n)}`,
    event(100 + n, 'callback-parked', { ...data, attempts: 1, reason: 'refused', last }),
  ];
};

const NONE: CallbackFilter = {
  ...{ state: null, appId: null, endpointId: null, contactId: null, trigger: null, from: null, to: null },
};
const NO_MESSAGES: MessageFilter = {
  ...{ appId: null, contactId: null, channel: null, direction: null, state: null, from: null, to: null },
};
/** `endpoint@minute` of each, newest first. */
const told = (views: Views, filter: Partial<CallbackFilter>, projectId = PROJECT): string[] =>
  views.callbacks
    .page(projectId, { ...NONE, ...filter }, { afterKey: null, limit: 100 })
    .callbacks.map(
      ({ endpointId, eventAt }) =>
        `${endpointId}@${String((Date.parse(eventAt) - Date.parse(at(0))) / MINUTE)}`,
    );

describe('pages of callbacks', () => {
  const entries = [
    app('app-1', 'a', 'b'),
    app('app-2', 'z', 'y', 'x'),
    inbound(1),
    inbound(2, { contact: 'ben' }),
    inbound(3, { appId: 'app-2', contact: 'eve' }),
    inbound(4),
    parked(2, 'a'),
    parked(4, 'b'),
  ];

  it('come newest first, by state, app, endpoint, contact and trigger', async () => {
    await viewsOf(entries, (views) => {
      expect(told(views, {})).toEqual(['b@4', 'a@4', 'z@3', 'y@3', 'x@3', 'b@2', 'a@2', 'b@1', 'a@1']);
      expect(told(views, { state: 'parked' })).toEqual(['b@4', 'a@2']);
      expect(told(views, { state: 'waiting', appId: 'app-1' })).toEqual(['a@4', 'b@2', 'b@1', 'a@1']);
      expect(told(views, { state: 'delivered' })).toEqual([]);
      expect(told(views, { appId: 'app-2' })).toEqual(['z@3', 'y@3', 'x@3']);
      expect(told(views, { endpointId: 'a' })).toEqual(['a@4', 'a@2', 'a@1']);
      expect(told(views, { contactId: contactIdOf('ann') })).toEqual(['b@4', 'a@4', 'b@1', 'a@1']);
      expect(told(views, { contactId: contactIdOf('ann'), state: 'parked' })).toEqual(['b@4']);
      expect(told(views, { contactId: contactIdOf('nobody') })).toEqual([]);
      expect(told(views, { trigger: 'OPT_OUT' })).toEqual([]);
      expect(told(views, {}, 'p-2')).toEqual([]);
    });
  });
  it('lie from a time on and before another', async () => {
    await viewsOf(entries, (views) => {
      expect(told(views, { from: at(4 * MINUTE) })).toEqual(['b@4', 'a@4']);
      expect(told(views, { from: at(4 * MINUTE + 1) })).toEqual([]);
      expect(told(views, { to: at(2 * MINUTE) })).toEqual(['b@1', 'a@1']);
      expect(told(views, { from: at(2 * MINUTE), to: at(2 * MINUTE + 1), endpointId: 'a' })).toEqual(['a@2']);
      expect(told(views, { from: at(99 * MINUTE) })).toEqual([]);
      expect(told(views, { to: at(-99 * MINUTE) })).toEqual([]);
    });
  });
  it('miss nothing when the clock stepped back, in order of position', async () => {
    const stepped = [
      app('app-1', 'a'),
      inbound(1, { ms: 50 * MINUTE }),
      inbound(2, { ms: 10 * MINUTE }),
      inbound(3, { ms: 51 * MINUTE }),
    ];
    await viewsOf(stepped, (views) => {
      expect(told(views, { from: at(9 * MINUTE), to: at(11 * MINUTE) })).toEqual(['a@10']);
      expect(told(views, { from: at(49 * MINUTE) })).toEqual(['a@51', 'a@50']);
    });
  });
  it('look at so many rows at a time, and tell where to go on', async () => {
    const many = [
      app('app-1', 'a'),
      inbound(1, { contact: 'ben' }),
      ...Array.from({ length: 2_500 }, (_, n) => inbound(n + 2)),
    ];
    await viewsOf(many, ({ callbacks }) => {
      const filter = { ...NONE, endpointId: 'nothing' };
      const first = callbacks.page(PROJECT, filter, { afterKey: null, limit: 10 });
      expect(first).toEqual({ callbacks: [], nextKey: '503.0' });
      const second = callbacks.page(PROJECT, filter, { afterKey: first.nextKey, limit: 10 });
      expect(second).toEqual({ callbacks: [], nextKey: null });
      const ofBen = { ...NONE, contactId: contactIdOf('ben') };
      expect(callbacks.page(PROJECT, ofBen, { afterKey: null, limit: 10 }).callbacks).toHaveLength(1);
    });
  });
  it('end where they are full to the row, and refuse a key that no page gave', async () => {
    await viewsOf([app('app-1', 'a', 'b'), inbound(1)], ({ callbacks }) => {
      const page = (afterKey: string | null, limit: number) =>
        callbacks.page(PROJECT, NONE, { afterKey, limit });
      expect(page(null, 2).nextKey).toBeNull();
      const { callbacks: first, nextKey } = page(null, 1);
      expect([first[0]?.endpointId, nextKey]).toEqual(['b', '2.1']);
      expect(page(nextKey, 1).callbacks.map(({ endpointId }) => endpointId)).toEqual(['a']);
      for (const key of ['2', '2.1.0', 'x', '2.-1', `${'9'.repeat(19)}.0`]) {
        expect(() => page(key, 1), key).toThrow(RangeError);
      }
    });
  });
});

describe('pages of messages', () => {
  const of = ofMessage('app-1', ulid('out'));
  const personal = { identities: ['a-1', 'a-2'], sender: '1', message: {}, metadata: '', correlationId: '' };
  const entries: Entry[] = [
    inbound(1),
    [
      'message-out',
      event(2, 'message-accepted', acceptedData('app-1', of.messageId), { ms: 2 * MINUTE, personal }),
    ],
    inbound(3, { appId: 'app-2', contact: 'ben' }),
  ];
  const ids = (views: Views, filter: Partial<MessageFilter>): string[] =>
    views.messages
      .page(PROJECT, { ...NO_MESSAGES, ...filter }, { afterKey: null, limit: 100 })
      .messages.map(({ messageId }) => messageId);
  const [first, out, third] = [ulid('m-1'), of.messageId, ulid('m-3')];

  it('come newest first, by app, contact, channel, direction, state and time', async () => {
    await viewsOf(entries, (views) => {
      expect(ids(views, {})).toEqual([third, out, first]);
      expect(ids(views, { appId: 'app-1' })).toEqual([out, first]);
      expect(ids(views, { contactId: contactIdOf('ann') })).toEqual([first]);
      // Every recipient of a send, not only the one that was chosen.
      expect(ids(views, { contactId: contactIdOf('second') })).toEqual([out]);
      expect(ids(views, { channel: 'WHATSAPP' })).toEqual([out]);
      expect(ids(views, { direction: 'TO_APP' })).toEqual([third, first]);
      expect(ids(views, { direction: 'TO_CONTACT' })).toEqual([out]);
      expect(ids(views, { state: 'accepted' })).toEqual([out]);
      expect(ids(views, { state: 'received', from: at(2 * MINUTE) })).toEqual([third]);
      expect(ids(views, { to: at(2 * MINUTE) })).toEqual([first]);
      const page = views.messages.page(PROJECT, NO_MESSAGES, { afterKey: null, limit: 2 });
      expect(page.nextKey).toBe('2');
      const next = views.messages.page(PROJECT, NO_MESSAGES, { afterKey: page.nextKey, limit: 2 });
      expect(next.messages.map(({ messageId }) => messageId)).toEqual([first]);
    });
  });
});

describe('a key of a contact', () => {
  it('is a whole number that differs with the id', () => {
    const ids = Array.from({ length: 5_000 }, (_, n) => n.toString(16).padStart(40, '0'));
    const keys = new Set(ids.map(contactKeyOf));
    expect(keys.size).toBe(ids.length);
    expect([...keys].every((key) => Number.isSafeInteger(key) && key >= 0)).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import type { LedgerEvent } from '../../../../domain/events/events.js';
import { callbackId } from '../../../../ledger/event-ids.js';
import type { OwedKey } from '../../../../projections/owed/owed-reads.js';
import type { Views } from '../../../../projections/views.js';
import { acceptedData, appState, at, attemptData, changeData, endpoint, event } from '../events.js';
import { ofMessage, permit, PROJECT, receivedData, T0, ulid } from '../events.js';
import { ledgerOf, withDirectory, withViews } from '../open-views.js';

type Entry = readonly [string, LedgerEvent];

async function viewsOf<T>(entries: readonly Entry[], use: (views: Views) => T): Promise<T> {
  return withDirectory(async (file) =>
    withViews({ file: file('v.db'), ledger: await ledgerOf(entries) }, use),
  );
}
const app = (...ids: string[]): Entry => [
  'app-app-1',
  event(0, 'app-created', { state: appState('app-1', { endpoints: ids.map((id) => endpoint(id)) }) }),
];
const inbound = (n: number): Entry => [
  `contact-c-${String(n)}`,
  event(n, 'message-received', receivedData('app-1', `c-${String(n)}`, ulid(`m-${String(n)}`)), {
    ms: n * 1000,
  }),
];
const idOf = (n: number, endpointId: string): string =>
  callbackId(inbound(n)[1].id, 'MESSAGE_INBOUND', endpointId);
const callbackOf = (n: number, endpointId: string) => ({
  projectId: PROJECT,
  appId: 'app-1',
  callbackId: idOf(n, endpointId),
  endpointId,
  trigger: 'MESSAGE_INBOUND' as const,
  eventId: inbound(n)[1].id,
});

describe('owed callbacks', () => {
  const three = [app('a', 'b', 'c'), inbound(1), inbound(2), inbound(3)];

  it('come after a position in ledger order, with all that an attempt needs', async () => {
    await viewsOf(three, ({ owed }) => {
      const rows = owed.after('callbacks', 2n, 100);
      expect(rows.map(({ id }) => id)).toEqual([2, 3].flatMap((n) => ['a', 'b', 'c'].map((e) => idOf(n, e))));
      expect(rows[0]).toEqual({
        id: idOf(2, 'a'),
        position: 3n,
        dueAt: T0 + 2000,
        item: {
          callbackId: idOf(2, 'a'),
          projectId: PROJECT,
          appId: 'app-1',
          endpointId: 'a',
          trigger: 'MESSAGE_INBOUND',
          stream: 'contact-c-2',
          revision: 0,
          after: null,
        },
      });
      expect(owed.after('callbacks', 4n, 100)).toEqual([]);
    });
  });
  it.each([
    [9, 9],
    [8, 6],
    [6, 6],
    [4, 3],
    [3, 3],
    [2, 3],
    [1, 3],
  ])('a limit of %i gives %i: those of one event stay together', async (limit, count) => {
    await viewsOf(three, ({ owed }) => {
      expect(owed.after('callbacks', 0n, limit)).toHaveLength(count);
    });
  });
  it('are owed until they are delivered or parked', async () => {
    const ends: Entry[] = [
      [
        'cb-1',
        event(11, 'callback-delivered', attemptData(callbackOf(1, 'a'), { class: 'delivered', status: 204 })),
      ],
      [
        'cb-2',
        event(12, 'callback-parked', {
          ...callbackOf(1, 'b'),
          attempts: 0,
          reason: 'endpoint-removed',
          last: null,
        }),
      ],
    ];
    await viewsOf([...three, ...ends], ({ owed, callbacks }) => {
      expect(owed.after('callbacks', 0n, 100).filter(({ position }) => position === 2n)).toHaveLength(1);
      expect(callbacks.open(PROJECT, idOf(1, 'a'))).toBeUndefined();
      expect(callbacks.open(PROJECT, idOf(1, 'b'))).toMatchObject({
        state: 'parked',
        parkReason: 'endpoint-removed',
      });
      expect(callbacks.open('p-2', idOf(1, 'b'))).toBeUndefined();
      expect(callbacks.parkedCount()).toBe(1);
    });
  });
  it('keep what the last request said when they are parked without another one', async () => {
    const callback = callbackOf(1, 'a');
    const entries: Entry[] = [
      ...three,
      [
        'cb',
        event(11, 'callback-attempted', {
          ...attemptData(callback),
          nextAttemptAt: at(9),
          retryAfterMs: null,
        }),
      ],
      ['cb', event(12, 'callback-parked', { ...callback, attempts: 1, reason: 'app-deleted', last: null })],
    ];
    await viewsOf(entries, ({ callbacks }) => {
      const view = callbacks.open(PROJECT, callback.callbackId);
      expect(view).toMatchObject({ state: 'parked', parkReason: 'app-deleted', attempts: 1 });
      expect(view).toMatchObject({ lastClass: 'transient', lastStatus: 503, lastFault: null });
    });
  });
  it('stay delivered, whatever is told later', async () => {
    const delivered = attemptData(callbackOf(1, 'a'), { class: 'delivered', status: 204 });
    const later = { ...attemptData(callbackOf(1, 'a')), nextAttemptAt: at(9), retryAfterMs: null };
    const entries: Entry[] = [
      ...three,
      ['cb', event(11, 'callback-delivered', delivered)],
      ['cb', event(12, 'callback-attempted', later)],
    ];
    await viewsOf(entries, ({ owed }) => {
      expect(owed.after('callbacks', 0n, 100)).toHaveLength(8);
    });
  });
  it('become due anew with each failed try, and are swept longest due first, page by page', async () => {
    const retry = (n: number, ofN: number, seconds: number): Entry => [
      `cb-${String(n)}`,
      event(n, 'callback-attempted', {
        ...attemptData(callbackOf(ofN, 'a'), {
          attempt: 2,
          class: 'transient',
          status: null,
          fault: 'timeout',
        }),
        nextAttemptAt: at(seconds * 1000),
        retryAfterMs: null,
      }),
    ];
    const entries = [app('a'), ...[1, 2, 3, 4, 5].map(inbound), retry(11, 1, 60), retry(12, 2, 4)];
    await viewsOf(entries, ({ owed, callbacks }) => {
      const due = (before: number, limit: number, key: OwedKey | null) =>
        owed.overdue('callbacks', T0 + before * 1000, limit, key);
      expect(due(2, 100, null)).toEqual([]);
      expect(
        due(4, 100, null)
          .map(({ id }) => id)
          .sort(),
      ).toEqual([2, 3, 4].map((n) => idOf(n, 'a')).sort());
      const first = due(60, 2, null);
      const second = due(60, 2, first.at(-1) ?? null);
      const third = due(60, 2, second.at(-1) ?? null);
      const seconds = [first, second, third].map((page) => page.map(({ dueAt }) => (dueAt - T0) / 1000));
      expect(seconds).toEqual([[3, 4], [4, 5], [60]]);
      expect(new Set([...first, ...second, ...third].map(({ id }) => id)).size).toBe(5);
      expect(owed.oldestDue('callbacks')).toBe(T0 + 3000);
      expect(callbacks.open(PROJECT, idOf(1, 'a'))).toMatchObject({
        state: 'waiting',
        attempts: 2,
        lastClass: 'transient',
        lastStatus: null,
        lastFault: 'timeout',
        dueAt: T0 + 60_000,
      });
    });
  });
});

describe('owed messages', () => {
  const id = ulid('out');
  const accepted: Entry = [
    `message-${id}`,
    event(1, 'message-accepted', acceptedData('app-1', id), { ms: 1000 }),
  ];
  const of = ofMessage('app-1', id);
  const write = (e: LedgerEvent): Entry => [`message-${id}`, e];
  const intent = write(
    event(2, 'message-handing-over', { ...of, attempt: 1, permit, channelType: 'simulator' }),
  );
  const notSent = (retryAt: string | null): Entry =>
    write(event(3, 'message-not-sent', { ...of, attempt: 1, class: 'busy', retryAt }));
  const report = (status: 'QUEUED_ON_CHANNEL' | 'READ' | 'FAILED'): Entry =>
    write(event(4, 'message-reported', { ...of, status, reason: null, bodyVersion: 1 }));
  const dueOf = (entries: readonly Entry[]): Promise<number[]> =>
    viewsOf(entries, ({ owed }) => owed.after('messages', 0n, 9).map(({ dueAt }) => dueAt - T0));

  it('are owed from their acknowledgement on, tried or not', async () => {
    expect(await dueOf([accepted])).toEqual([1000]);
    expect(await dueOf([accepted, intent])).toEqual([1000]);
  });
  it('are due again when the channel said so', async () => {
    expect(await dueOf([accepted, intent, notSent(at(5000))])).toEqual([5000]);
    expect(await dueOf([accepted, intent, notSent(null)])).toEqual([1000]);
  });
  it('end by a receipt that proves the hand-over, and by no other', async () => {
    expect(await dueOf([accepted, intent, report('READ')])).toEqual([]);
    expect(await dueOf([accepted, intent, report('QUEUED_ON_CHANNEL')])).toEqual([1000]);
    expect(await dueOf([accepted, intent, report('FAILED')])).toEqual([1000]);
    expect(await dueOf([accepted, report('READ')])).toEqual([1000]);
  });
  it('carry their cause when they are replies, which are owed once, from the event that caused them', async () => {
    const reply = { kind: 'OPT_OUT', messageId: id } as const;
    const caused: Entry = ['contact-c-1', event(7, 'opted-out', changeData('app-1', 'c-1', { reply }))];
    const cause = {
      ...{ stream: 'contact-c-1', revision: 0, eventId: caused[1].id, at: at(0) },
      ...({ kind: 'OPT_OUT', listType: 'OPT_OUT_ALL' } as const),
    };
    const begun = write(event(8, 'message-accepted', acceptedData('app-1', id, { kind: 'REPLY', cause })));
    const item = {
      messageId: id,
      projectId: PROJECT,
      appId: 'app-1',
      cause: { stream: 'contact-c-1', revision: 0 },
    };
    for (const entries of [[caused], [caused, begun]]) {
      const rows = await viewsOf(entries, ({ owed }) => owed.after('messages', 0n, 9));
      expect(rows).toEqual([{ id, position: 1n, dueAt: T0, item }]);
    }
    // Where only the message's own events are left, they say the same.
    expect(await viewsOf([begun], ({ owed }) => owed.after('messages', 0n, 9)[0]?.item)).toEqual(item);
  });
  it('are owed for a call for help, from the message that asked', async () => {
    const data = receivedData('app-1', 'c-1', ulid('in'));
    const asking = (reply: { readonly kind: 'HELP'; readonly messageId: string } | null): Entry => [
      'contact-c-1',
      event(9, 'message-received', { ...data, help: { language: 'EN', reply } }, { ms: 500 }),
    ];
    const rows = await viewsOf([asking({ kind: 'HELP', messageId: id })], ({ owed }) =>
      owed.after('messages', 0n, 9),
    );
    const cause = { stream: 'contact-c-1', revision: 0 };
    expect(rows).toEqual([
      {
        ...{ id, position: 1n, dueAt: T0 + 500 },
        item: { messageId: id, projectId: PROJECT, appId: 'app-1', cause },
      },
    ]);
    expect(await dueOf([asking(null)])).toEqual([]);
  });
});

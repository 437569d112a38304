import { describe, expect, it } from 'vitest';
import type { ConsentChangeData, LedgerEvent } from '../../../../domain/events/events.js';
import type { OwedCallback } from '../../../../domain/owed.js';
import { callbackId } from '../../../../ledger/event-ids.js';
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
const dueOf = (entries: readonly Entry[]): Promise<OwedCallback[]> =>
  viewsOf(entries, ({ owed }) => owed.after('callbacks', 0n, 100).map(({ item }) => item));
const short = ({ trigger, endpointId }: OwedCallback): string => `${trigger} ${endpointId}`;

const app = (n: number, ...endpoints: readonly Parameters<typeof endpoint>[]): Entry => [
  'app-app-1',
  event(n, n === 0 ? 'app-created' : 'app-changed', {
    state: appState('app-1', { endpoints: endpoints.map((one) => endpoint(...one)) }),
  }),
];
const inbound = (n: number): Entry => [
  'contact-c-1',
  event(n, 'message-received', receivedData('app-1', 'c-1', ulid(`m-${String(n)}`))),
];

describe('fan-out', () => {
  it('serves the endpoints in force at the position of the event', async () => {
    const entries = [
      inbound(1),
      app(0, ['b'], ['a']),
      inbound(2),
      app(3, ['a', { triggers: ['OPT_IN'] }], ['b', { disabled: { reason: 'owner' } }]),
      inbound(4),
      app(5, ['c', { targetType: 'DISMISS' }]),
      inbound(6),
    ];
    expect((await dueOf(entries)).map((item) => `${short(item)} ${String(item.revision)}`)).toEqual([
      'MESSAGE_INBOUND a 1',
      'MESSAGE_INBOUND b 1',
      'MESSAGE_INBOUND b 2',
    ]);
  });
  it('serves nobody of a deleted app, and keeps what was owed before', async () => {
    const deleted = event(8, 'app-deleted', {
      state: appState('app-1', { endpoints: [endpoint('a')], deleted: true }),
    });
    const due = await dueOf([app(0, ['a']), inbound(1), ['app-app-1', deleted], inbound(9)]);
    expect(due.map(({ revision }) => revision)).toEqual([0]);
  });
  it('serves only endpoints of the event’s own app', async () => {
    const other: Entry = [
      'app-app-2',
      event(5, 'app-created', { state: appState('app-2', { endpoints: [endpoint('z')] }) }),
    ];
    expect((await dueOf([app(0, ['a']), other, inbound(1)])).map(short)).toEqual(['MESSAGE_INBOUND a']);
  });
  it('one event may owe two callbacks to one endpoint, each with its own id', async () => {
    const id = ulid('out');
    const blocked = event(2, 'message-blocked', {
      ...ofMessage('app-1', id),
      ...({ listType: 'OPT_OUT_ALL', contentType: 'CONTENT_UNKNOWN', mode: 'PRIMARY', permit } as const),
      ...{ decidedBy: inbound(1)[1].id, recipientIndex: 0, notifyOptOut: true, bodyVersion: 1 },
    } as const);
    const due = await dueOf([app(0, ['a'], ['b']), [`message-${id}`, blocked]]);
    expect(due.map(short)).toEqual(['MESSAGE_DELIVERY a', 'MESSAGE_DELIVERY b', 'OPT_OUT a', 'OPT_OUT b']);
    expect(new Set(due.map((item) => item.callbackId)).size).toBe(4);
    expect(due[2]?.callbackId).toBe(callbackId(blocked.id, 'OPT_OUT', 'a'));
  });
  it('sends the delivery reports of a message to its own callback_url, and nothing else', async () => {
    const id = ulid('out');
    const of = ofMessage('app-1', id);
    const events = [
      event(1, 'message-accepted', acceptedData('app-1', id, { overrideEndpointId: 'override-ab' })),
      event(2, 'message-dispatched', {
        ...of,
        attempt: 1,
        recipientIndex: 0,
        handedOverAt: at(0),
        bodyVersion: 1,
      }),
      event(3, 'message-reported', { ...of, status: 'DELIVERED', reason: null, bodyVersion: 1 }),
    ];
    const due = await dueOf([app(0, ['a']), ...events.map((e): Entry => [`message-${id}`, e])]);
    expect(due.map(short)).toEqual(['MESSAGE_SUBMIT a', 'MESSAGE_DELIVERY override-ab']);
  });
});

describe('the order between consent events of one contact', () => {
  const change = (
    n: number,
    type: 'opted-out' | 'opted-in',
    previous: ConsentChangeData['previous'],
  ): Entry => ['contact-c-1', event(n, type, changeData('app-1', 'c-1', { previous }), { ms: n * 1000 })];
  const first = change(1, 'opted-out', null);
  const second = change(2, 'opted-in', { eventId: first[1].id, direction: 'OPT_OUT' });
  const firstId = callbackId(first[1].id, 'OPT_OUT', 'a');
  const afterOf = async (entries: readonly Entry[]): Promise<OwedCallback['after'] | undefined> =>
    (await dueOf(entries)).find(({ trigger }) => trigger === 'OPT_IN')?.after;

  it('names the callback that goes first, and when its event was recorded', async () => {
    expect(await afterOf([app(0, ['a']), first, second])).toEqual({ callbackId: firstId, at: at(1000) });
  });
  it('names none where that endpoint got none', async () => {
    expect(await afterOf([first, app(0, ['a']), second])).toBeNull();
  });
  it('names none that has ended by then', async () => {
    const data = attemptData({
      ...{ projectId: PROJECT, appId: 'app-1', callbackId: firstId, endpointId: 'a' },
      ...({ trigger: 'OPT_OUT', eventId: first[1].id } as const),
    });
    const delivered: Entry = [
      'cb',
      event(7, 'callback-delivered', { ...data, class: 'delivered', status: 200 }),
    ];
    expect(await afterOf([app(0, ['a']), first, delivered, second])).toBeNull();
  });
  it('is per endpoint', async () => {
    const due = await dueOf([app(0, ['a'], ['b']), first, second]);
    const after = due.filter(({ trigger }) => trigger === 'OPT_IN').map((item) => item.after?.callbackId);
    expect(after).toEqual(['a', 'b'].map((id) => callbackId(first[1].id, 'OPT_OUT', id)));
  });
});

describe('stats', () => {
  it('count what was blocked, tried and parked, and say how far the views are', async () => {
    const callback = (n: number) => ({
      ...{
        projectId: PROJECT,
        appId: 'app-1',
        callbackId: callbackId(inbound(n)[1].id, 'MESSAGE_INBOUND', 'a'),
      },
      ...({ endpointId: 'a', trigger: 'MESSAGE_INBOUND', eventId: inbound(n)[1].id } as const),
    });
    const last = { attempt: 2, class: 'gone', status: 410, fault: null, durationMs: 1 } as const;
    const entries: Entry[] = [
      app(0, ['a']),
      ...[1, 2, 3, 4].map(inbound),
      [
        'cb-1',
        event(11, 'callback-delivered', attemptData(callback(1), { class: 'delivered', status: 200 })),
      ],
      [
        'cb-2',
        event(12, 'callback-attempted', {
          ...attemptData(callback(2)),
          nextAttemptAt: at(50_000),
          retryAfterMs: null,
        }),
      ],
      ['cb-2', event(13, 'callback-parked', { ...callback(2), attempts: 2, reason: 'gone', last })],
      [
        'cb-3',
        event(14, 'callback-parked', { ...callback(3), attempts: 0, reason: 'app-deleted', last: null }),
      ],
    ];
    await viewsOf(entries, ({ stats }) => {
      expect(stats()).toEqual({
        position: 9n,
        newestAt: T0,
        caughtUp: true,
        accepted: 0,
        dispatched: 0,
        suspected: {},
        decided: {},
        blocked: 0,
        failed: {},
        attempts: { delivered: 1, transient: 1, gone: 1 },
        parked: 2,
        oldestDue: { messages: null, callbacks: T0 },
        owed: { messages: 0, callbacks: 1 },
      });
    });
  });
  it('of an empty ledger', async () => {
    await viewsOf([], ({ stats }) => {
      expect(stats()).toMatchObject({ position: 0n, newestAt: null, parked: 0, attempts: {} });
    });
  });
});

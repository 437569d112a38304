import { describe, expect, it } from 'vitest';
import type { ConsentChangeData, LedgerEvent } from '../../../../domain/events/events.js';
import type { Lane } from '../../../../domain/owed.js';
import { callbackId } from '../../../../ledger/event-ids.js';
import type { Owed } from '../../../../projections/owed/owed-reads.js';
import { acceptedData, appState, at, attemptData, changeData, endpoint, event } from '../events.js';
import { ofMessage, permit, PROJECT, T0, ulid } from '../events.js';
import { ledgerOf, withDirectory, withViews } from '../open-views.js';

type Entry = readonly [string, LedgerEvent];

async function owedOf<T>(entries: readonly Entry[], use: (owed: Owed) => T): Promise<T> {
  return withDirectory(async (file) =>
    withViews({ file: file('v.db'), ledger: await ledgerOf(entries) }, ({ owed }) => use(owed)),
  );
}
const idsOf = (
  owed: Owed,
  lane: Lane,
  party: string,
  { after = 0n, limit = 99, seconds = 0 } = {},
): string[] => owed.waiting(lane, party, { after, limit, now: T0 + seconds * 1000 }).map(({ id }) => id);
const partiesOf = (owed: Owed, lane: Lane): string[] => {
  const found: string[] = [];
  for (let at = owed.nextParty(lane, ''); at !== undefined; at = owed.nextParty(lane, at)) found.push(at);
  return found;
};

describe('messages that wait for their first try', () => {
  let n = 0;
  const send = (appId: string, name: string, more: Partial<ReturnType<typeof acceptedData>> = {}): Entry => [
    `message-${ulid(name)}`,
    event((n += 1), 'message-accepted', acceptedData(appId, ulid(name), more)),
  ];
  const intent = (appId: string, name: string): Entry => [
    `message-${ulid(name)}`,
    event((n += 1), 'message-handing-over', {
      ...{ ...ofMessage(appId, ulid(name)), attempt: 1, permit, channelType: 'simulator' as const },
    }),
  ];

  it('wait by app, notifications first, then in ledger order', async () => {
    const entries = [
      send('app-b', 'm1', { contentType: 'CONTENT_MARKETING' }),
      send('app-a', 'm2'),
      send('app-b', 'm3', { contentType: 'CONTENT_NOTIFICATION' }),
      send('app-b', 'm4'),
    ];
    await owedOf(entries, (owed) => {
      expect(partiesOf(owed, 'messages')).toEqual(['app-a', 'app-b']);
      expect(idsOf(owed, 'messages', 'app-b')).toEqual(['m3', 'm1', 'm4'].map(ulid));
      expect(idsOf(owed, 'messages', 'app-b', { limit: 2 })).toEqual(['m3', 'm1'].map(ulid));
      expect(idsOf(owed, 'messages', 'app-b', { after: 3n })).toEqual([ulid('m4')]);
      expect(partiesOf(owed, 'replies')).toEqual([]);
    });
  });

  it('wait no longer once a try has begun, which shows', async () => {
    const notSent = event(50, 'message-not-sent', {
      ...{ ...ofMessage('app-a', ulid('m2')), attempt: 1, class: 'busy' as const, retryAt: at(9000) },
    });
    const entries: Entry[] = [
      ...[send('app-a', 'm1'), send('app-a', 'm2'), send('app-a', 'm3')],
      ...[intent('app-a', 'm1'), intent('app-a', 'm2')],
      [`message-${ulid('m2')}`, notSent],
    ];
    await owedOf(entries, (owed) => {
      expect(idsOf(owed, 'messages', 'app-a')).toEqual([ulid('m3')]);
      const progress = ['m1', 'm2', 'm3', 'm4'].map((name) => owed.progress('messages', ulid(name)));
      expect(progress).toEqual(['begun', 'tried', 'waiting', 'ended']);
    });
  });

  it('that are replies wait in a lane of their own', async () => {
    const reply = { kind: 'OPT_OUT', messageId: ulid('r') } as const;
    const caused: Entry = ['contact-c-1', event(7, 'opted-out', changeData('app-1', 'c-1', { reply }))];
    await owedOf([caused, send('app-1', 'm1')], (owed) => {
      const [row] = owed.waiting('replies', 'app-1', { after: 0n, now: T0, limit: 9 });
      expect(row).toMatchObject({ id: ulid('r'), contact: 'c-1' });
      expect(idsOf(owed, 'messages', 'app-1')).toEqual([ulid('m1')]);
    });
  });
});

describe('callbacks that wait for their first try', () => {
  const app: Entry = [
    'app-app-1',
    event(0, 'app-created', {
      state: appState('app-1', { endpoints: [endpoint('a'), endpoint('b', { triggers: ['OPT_OUT'] })] }),
    }),
  ];
  const change = (
    n: number,
    type: 'opted-out' | 'opted-in',
    previous: ConsentChangeData['previous'],
  ): Entry => ['contact-c-1', event(n, type, changeData('app-1', 'c-1', { previous }), { ms: n * 1000 })];
  const out = change(1, 'opted-out', null);
  const back = change(2, 'opted-in', { eventId: out[1].id, direction: 'OPT_OUT' });
  const outId = callbackId(out[1].id, 'OPT_OUT', 'a');
  const backId = callbackId(back[1].id, 'OPT_IN', 'a');
  const data = attemptData({
    ...{ projectId: PROJECT, appId: 'app-1', callbackId: outId, endpointId: 'a' },
    ...({ trigger: 'OPT_OUT', eventId: out[1].id } as const),
  });

  it('wait by endpoint, what tells of consent apart from what reports', async () => {
    const dispatched = event(9, 'message-dispatched', {
      ...ofMessage('app-1', ulid('m')),
      ...{ attempt: 1, recipientIndex: 0, handedOverAt: at(0), bodyVersion: 1 },
    });
    await owedOf([app, out, [`message-${ulid('m')}`, dispatched]], (owed) => {
      expect(partiesOf(owed, 'consents')).toEqual(['a', 'b']);
      expect(partiesOf(owed, 'callbacks')).toEqual(['a']);
      expect(idsOf(owed, 'consents', 'a')).toEqual([outId]);
    });
  });

  it('leave one out until the one before it has ended, or is five minutes old', async () => {
    const failed: Entry = [
      'cb',
      event(3, 'callback-attempted', { ...data, nextAttemptAt: at(9000), retryAfterMs: null }),
    ];
    const parked: Entry = [
      'cb',
      event(4, 'callback-parked', {
        ...{
          projectId: PROJECT,
          appId: 'app-1',
          callbackId: outId,
          endpointId: 'a',
          trigger: 'OPT_OUT' as const,
        },
        ...{ eventId: out[1].id, attempts: 1, reason: 'refused' as const, last: null },
      }),
    ];
    await owedOf([app, out, back], (owed) => {
      expect(idsOf(owed, 'consents', 'a')).toEqual([outId]);
    });
    await owedOf([app, out, back, failed], (owed) => {
      expect(idsOf(owed, 'consents', 'a')).toEqual([]);
      expect(owed.progress('callbacks', outId)).toBe('tried');
      expect(idsOf(owed, 'consents', 'a', { seconds: 300.999 })).toEqual([]);
      expect(idsOf(owed, 'consents', 'a', { seconds: 301 })).toEqual([backId]);
    });
    await owedOf([app, out, back, failed, parked], (owed) => {
      expect(idsOf(owed, 'consents', 'a')).toEqual([backId]);
      expect(owed.progress('callbacks', outId)).toBe('ended');
    });
  });

  it('that were opened again wait for no first try: they have a workflow', async () => {
    const again: Entry[] = [
      [
        'cb',
        event(4, 'callback-parked', {
          ...{ projectId: PROJECT, appId: 'app-1', callbackId: outId, endpointId: 'a' },
          ...{ trigger: 'OPT_OUT' as const, eventId: out[1].id, attempts: 0 },
          ...{ reason: 'endpoint-removed' as const, last: null },
        }),
      ],
    ];
    await owedOf([app, out, ...again], (owed) => {
      expect(idsOf(owed, 'consents', 'a')).toEqual([]);
    });
  });
});

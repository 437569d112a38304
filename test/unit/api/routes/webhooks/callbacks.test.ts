import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallbackEvent } from '../../../../../domain/events/events.js';
import { callbackId } from '../../../../../ledger/event-ids.js';
import { callbackStream } from '../../../../../ledger/streams.js';
import { attemptData, event } from '../../../projections/events.js';
import { apiWorld, PROJECT, sms, type ApiWorld, type Call } from '../../../../worlds/api-world.js';

const ANN = '46700000001';
const BEN = '46700000002';

let world: ApiWorld;
let endpointId = '';
const eventIds: string[] = [];

const read = (path: string, call: Call = { scope: 'read' }) => world.call('GET', path, undefined, call);
const list = async (query = '') => (await read(`/callbacks${query}`)).body as unknown as Page;
interface Page {
  readonly callbacks: readonly Record<string, unknown>[];
  readonly next_page_token: string;
}
const idOf = (n: number): string => callbackId(eventIds[n] ?? '', 'MESSAGE_INBOUND', endpointId);
const dataOf = (n: number) => ({
  ...{ projectId: PROJECT, appId: world.appId, callbackId: idOf(n), endpointId },
  ...{ trigger: 'MESSAGE_INBOUND' as const, eventId: eventIds[n] ?? '' },
});
const record = async (n: number, ...events: readonly CallbackEvent[]): Promise<void> => {
  await world.ledger.append(callbackStream(idOf(n)), events, 'none');
};
const personal = { peer: '203.0.113.9', excerpt: 'no such thing' };

beforeAll(async () => {
  world = await apiWorld();
  const target = { app_id: world.appId, target: 'https://example.com/h', triggers: ['MESSAGE_INBOUND'] };
  endpointId = String((await world.call('POST', '/webhooks', target)).body['id']);
  for (const identity of [ANN, BEN, ANN, ANN]) {
    const answer = await world.call('POST', `/apps/${world.appId}/inbound/generic`, sms(identity, 'hej'));
    eventIds.push(String(answer.body['event_id']));
    world.clock.ms += 1_000;
  }
  const tried = { ...attemptData(dataOf(0)), nextAttemptAt: '2026-01-02T03:05:00.000Z', retryAfterMs: 2_000 };
  await record(0, event(1, 'callback-attempted', tried, { personal }));
  const { attempt, durationMs } = attemptData(dataOf(1));
  const last = { attempt, class: 'refused', status: 400, fault: null, durationMs } as const;
  const parked = { ...dataOf(1), attempts: 1, reason: 'refused', last } as const;
  await record(1, event(2, 'callback-parked', parked, { personal }));
  const delivered = attemptData(dataOf(2), { class: 'delivered', status: 204 });
  await record(2, event(3, 'callback-delivered', delivered, { personal, ms: 60_000 }));
  await world.call('PATCH', `/apps/${world.appId}/consent-settings`, { auto_reply: true });
});
afterAll(() => world.close());

describe('GET callbacks', () => {
  it('lists them newest first, with what became of each', async () => {
    const { callbacks, next_page_token } = await list();
    expect(next_page_token).toBe('');
    expect(callbacks.map(({ id, state }) => [id, state])).toEqual([
      [idOf(3), 'waiting'],
      [idOf(2), 'delivered'],
      [idOf(1), 'parked'],
      [idOf(0), 'waiting'],
    ]);
    expect(callbacks[3]).toEqual({
      ...{ id: idOf(0), app_id: world.appId, endpoint_id: endpointId, trigger: 'MESSAGE_INBOUND' },
      ...{ event_id: eventIds[0], event_time: '2026-01-02T03:04:05.678Z', state: 'waiting', attempts: 1 },
      ...{ last_class: 'transient', last_status: 503, last_fault: null },
      ...{ last_time: '2026-01-02T03:04:05.678Z', next_attempt_at: '2026-01-02T03:05:00.000Z' },
      park_reason: null,
    });
    expect(callbacks[2]).toMatchObject({ park_reason: 'refused', next_attempt_at: null, last_status: 400 });
    expect(JSON.stringify(callbacks)).not.toMatch(/203\.0\.113|no such thing/u);
  });

  it.each<[string, readonly number[]]>([
    ['state=parked', [1]],
    ['state=waiting', [3, 0]],
    ['trigger=OPT_OUT', []],
    ['app_id=nothing', []],
    [`app_id={app}&identity=${ANN}`, [3, 2, 0]],
    [`app_id={app}&identity=%2B46-700%20000%20002`, [1]],
    [`app_id={app}&identity=46700000009`, []],
    [`app_id={app}&identity=${ANN}&state=delivered`, [2]],
    ['endpoint_id={endpoint}&state=parked', [1]],
    ['from=2026-01-02T03:04:06.678Z&to=2026-01-02T03:04:08.678Z', [2, 1]],
    [`from=${encodeURIComponent('2026-01-02T04:04:08.678+01:00')}`, [3]],
  ])('filters by %s', async (query, expected) => {
    const { callbacks } = await list(
      `?${query.replace('{app}', world.appId).replace('{endpoint}', endpointId)}`,
    );
    expect(callbacks.map(({ id }) => id)).toEqual(expected.map(idOf));
  });

  it('pages by tokens that serve the same filters and no others, and hold no identity', async () => {
    const query = `?app_id=${world.appId}&identity=${ANN}&page_size=2`;
    const first = await list(query);
    const second = await list(`${query}&page_token=${first.next_page_token}`);
    expect([...first.callbacks, ...second.callbacks].map(({ id }) => id)).toEqual([3, 2, 0].map(idOf));
    expect(second.next_page_token).toBe('');
    const token = first.next_page_token;
    expect(Buffer.from(token, 'base64url')).toHaveLength(24);
    for (const other of [
      `?page_token=${token}`,
      `?app_id=${world.appId}&identity=${BEN}&page_token=${token}`,
      `${query}&state=waiting&page_token=${token}`,
      `${query}&page_token=${token.slice(0, -2)}`,
    ]) {
      const answer = await read(`/callbacks${other}`);
      expect([answer.status, answer.text.includes('page_token')], other).toEqual([400, true]);
    }
    // The size of a page is no filter.
    expect((await read(`/callbacks${query.replace('=2', '=1')}&page_token=${token}`)).status).toBe(200);
  });

  it('shows nothing of another project, and needs no more than read', async () => {
    const foreign = await world.app.inject({
      url: '/v1/projects/p2/callbacks',
      headers: { authorization: `Basic ${btoa(world.credentials('other-project'))}` },
    });
    expect(foreign.json()).toEqual({ callbacks: [], next_page_token: '' });
    expect((await read('/callbacks', { scope: 'send' })).status).toBe(403);
  });

  it('leaves no identity in the log', () => {
    expect(world.logLines.join('')).not.toMatch(new RegExp(`${ANN}|${BEN}|46-700`, 'u'));
  });
});

describe('GET callbacks/{id}', () => {
  const one = (n: number, call?: Call) => read(`/callbacks/${idOf(n)}`, call);

  it('tells every attempt; what the receiver answered, and from where, to keys with admin only', async () => {
    const attempt = {
      ...{ number: 1, at: '2026-01-02T03:04:05.678Z', class: 'transient', status: 503, fault: null },
      ...{ duration_ms: 12, retry_after_ms: 2_000, next_attempt_at: '2026-01-02T03:05:00.000Z' },
    };
    const { body } = await one(0);
    expect(body).toMatchObject({ id: idOf(0), state: 'waiting', attempts: 1 });
    expect(body['attempt_log']).toEqual([attempt]);
    expect((await one(0, { scope: 'admin' })).body['attempt_log']).toEqual([
      { ...attempt, peer: '203.0.113.9', answer_excerpt: 'no such thing' },
    ]);
  });
  it('finds one that was delivered, parked, or never tried, as the list shows it', async () => {
    const { callbacks } = await list();
    for (const n of [0, 1, 2, 3]) {
      const { attempt_log: log, ...rest } = (await one(n)).body;
      expect(rest).toEqual(callbacks[3 - n]);
      expect(log).toHaveLength(n === 3 ? 0 : 1);
    }
  });
  it('answers 404 for what is unknown', async () => {
    const answer = await read('/callbacks/nothing');
    expect([answer.status, answer.text.includes('callback not found')]).toEqual([404, true]);
    const foreign = await world.app.inject({
      url: `/v1/projects/p2/callbacks/${idOf(0)}`,
      headers: { authorization: `Basic ${btoa(world.credentials('other-project'))}` },
    });
    expect(foreign.statusCode).toBe(404);
  });
});

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { OwedCallback } from '../../../../../domain/owed.js';
import { callbackId } from '../../../../../ledger/event-ids.js';
import { callbackStream } from '../../../../../ledger/streams.js';
import { StartUnavailable } from '../../../../../reactor/errors.js';
import { attemptData, event } from '../../../projections/events.js';
import { apiWorld, PROJECT, sms, type ApiWorld } from '../../../../worlds/api-world.js';

let world: ApiWorld;
let id = '';
let data: Parameters<typeof attemptData>[0];
let messages = 0;
const hurry = { reachable: true, woken: [] as OwedCallback[], wake: async () => Promise.resolve() };

beforeAll(async () => {
  world = await apiWorld(undefined, {
    callbackHurry: {
      reachable: async () => hurry.reachable,
      wake: async (item) => {
        hurry.woken.push(item);
        await hurry.wake();
      },
    },
  });
});
afterAll(() => world.close());

/** Each test has a callback that was tried once. */
beforeEach(async () => {
  Object.assign(hurry, { reachable: true, woken: [], wake: async () => Promise.resolve() });
  const appId = await world.newApp();
  const target = { app_id: appId, target: 'https://example.com/h', triggers: ['MESSAGE_INBOUND'] };
  const endpointId = String((await world.call('POST', '/webhooks', target)).body['id']);
  const text = `hej ${String((messages += 1))}`;
  const { body } = await world.call('POST', `/apps/${appId}/inbound/generic`, sms('46700000001', text));
  const eventId = String(body['event_id']);
  id = callbackId(eventId, 'MESSAGE_INBOUND', endpointId);
  const ids = { projectId: PROJECT, appId, callbackId: id, endpointId };
  data = { ...ids, trigger: 'MESSAGE_INBOUND', eventId };
  const tried = { ...attemptData(data), nextAttemptAt: '2026-01-03T00:00:00.000Z', retryAfterMs: null };
  await world.ledger.append(callbackStream(id), [event(messages, 'callback-attempted', tried)], 'none');
  await world.call('GET', `/callbacks/${id}`);
});
const retry = () => world.call('POST', `/callbacks/${id}:retry`, undefined);
const types = async (): Promise<string[]> =>
  (await world.ledger.readStream(callbackStream(id), { from: 0, direction: 'forwards', limit: 9 })).map(
    (recorded) => recorded.event.type,
  );

it('writes nothing while Temporal does not answer', async () => {
  hurry.reachable = false;
  const { status, text } = await retry();
  expect([status, text.includes('nothing was done')]).toEqual([503, true]);
  expect([await types(), hurry.woken]).toEqual([['callback-attempted'], []]);
});

it('says that it is recorded where Temporal fails after that, and a repeat records nothing more', async () => {
  hurry.wake = () => Promise.reject(new StartUnavailable('gone'));
  for (let repeat = 0; repeat < 2; repeat++) {
    const { status, text } = await retry();
    expect([status, text.includes('recorded')]).toEqual([503, true]);
  }
  expect(await types()).toEqual(['callback-attempted', 'callback-retry-requested']);
  expect(hurry.woken).toHaveLength(2);
});

it('answers with the outcome, or 202 with the attempt under way when the time is up', async () => {
  hurry.wake = async () => {
    world.clock.ms += 20_000;
    return Promise.resolve();
  };
  const late = await retry();
  expect([late.status, late.body['state'], late.body['retry_attempt']]).toEqual([202, 'waiting', 2]);
  hurry.wake = async () => {
    const delivered = attemptData(data, { attempt: 2, class: 'delivered', status: 200 });
    await world.ledger.append(
      callbackStream(id),
      [event(900 + messages, 'callback-delivered', delivered)],
      1,
    );
  };
  const { status, body } = await retry();
  expect([status, body['state'], body['retry_attempt']]).toEqual([200, 'delivered', 2]);
  expect((await retry()).text).toContain('was delivered');
});

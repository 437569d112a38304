import { beforeEach, describe, expect, it } from 'vitest';
import type { OwedCallback } from '../../../../domain/owed.js';
import { readDeliveryLog } from '../../../../ledger/reads/delivery-log.js';
import { Refusal } from '../../../../domain/refusal.js';
import { requestRetry } from '../../../../ledger/commands/request-retry.js';
import {
  answered,
  callbackWorld,
  endpoint,
  PROJECT,
  type CallbackWorld,
} from '../../../worlds/callback-world.js';

let world: CallbackWorld;
let item: OwedCallback;
beforeEach(async () => {
  world = await callbackWorld();
  const [, optOut] = await world.inbound('STOP');
  if (optOut === undefined) throw new Error('nothing owed');
  item = optOut;
});

const actor = { type: 'access-key', id: 'key-1' } as const;
const retry = (): Promise<number> =>
  requestRetry(world, { projectId: PROJECT, callbackId: item.callbackId, actor });
const post = () => world.poster.postCallback(item);
const types = async (): Promise<string[]> =>
  (await world.events(item.callbackId)).map(({ type }) => type.slice('callback-'.length));

describe('a callback that somebody wants to be tried now', () => {
  it('is tried before its time, with the bytes and the id of before and the next number', async () => {
    world.sender.answer = () => answered(503);
    expect(await post()).toMatchObject({ state: 'waiting', attempts: 1 });
    expect(await post()).toMatchObject({ state: 'waiting', attempts: 1 });
    expect(await retry()).toBe(1);
    world.sender.answer = () => answered(200);
    expect(await post()).toMatchObject({ state: 'delivered', attempts: 2 });
    const [first, second] = world.sender.calls;
    expect(second?.body).toEqual(first?.body);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.headers['optledger-attempt']).toBe('2');
    expect(await types()).toEqual(['attempted', 'retry-requested', 'delivered']);
    const [, asked] = await world.events(item.callbackId);
    expect(asked?.meta).toMatchObject({ actor, causationId: asked?.data.eventId });
  });

  it('goes on with its schedule when it fails again', async () => {
    world.sender.answer = () => answered(503);
    await post();
    await retry();
    const result = await post();
    expect(result).toMatchObject({ state: 'waiting', attempts: 2, answer: '503' });
    expect(await post()).toEqual(result);
  });

  it('is opened again after it was parked, as often as it takes, each parking an event', async () => {
    const disabled = endpoint('ep1', { disabled: { reason: 'owner' } });
    await world.configure({ endpoints: [disabled] });
    expect(await post()).toMatchObject({ state: 'parked', attempts: 0 });
    for (let again = 0; again < 2; again++) {
      await retry();
      expect(await post()).toMatchObject({ state: 'parked', attempts: 0 });
    }
    await retry();
    await world.configure({ endpoints: [endpoint('ep1')] });
    expect(await post()).toMatchObject({ state: 'delivered', attempts: 1 });
    expect(await types()).toEqual([
      ...['parked', 'retry-requested', 'parked', 'retry-requested', 'parked', 'retry-requested'],
      'delivered',
    ]);
  });

  it('counts a request that was under way, which is recorded once', async () => {
    world.sender.answer = () => answered(503);
    await post();
    world.clock.ms += 86_400_000;
    world.sender.answer = async () => {
      await retry();
      await retry();
      return answered(503);
    };
    expect(await post()).toMatchObject({ state: 'waiting', attempts: 2 });
    expect(await post()).toMatchObject({ state: 'waiting', attempts: 2 });
    expect(await types()).toEqual(['attempted', 'retry-requested', 'attempted']);
  });

  it('is looked up by a batch, which makes no request for what was delivered', async () => {
    world.sender.answer = () => answered(400);
    await post();
    await retry();
    world.sender.answer = () => answered(200);
    await post();
    const [result] = await world.poster.postCallbacks([{ ...item, known: true }]);
    expect(result).toMatchObject({ state: 'delivered', attempts: 2 });
    expect(world.sender.calls).toHaveLength(2);
  });

  it('shows as waiting, its last outcome kept', async () => {
    world.sender.answer = () => answered(400);
    await post();
    const parked = await readDeliveryLog(world.ledger, item.callbackId);
    world.clock.ms += 5_000;
    await retry();
    const log = await readDeliveryLog(world.ledger, item.callbackId);
    expect(parked).toMatchObject({ state: 'parked', parkReason: 'refused' });
    const nextAttemptAt = new Date(world.clock.ms).toISOString();
    expect(log).toEqual({ ...parked, state: 'waiting', parkReason: null, nextAttemptAt });
  });

  it('needs no asking before its first request, and is refused once delivered or when it is foreign', async () => {
    expect(await retry()).toBe(-1);
    expect(await types()).toEqual([]);
    await post();
    await expect(retry()).rejects.toThrow(new Refusal('callback-delivered'));
    const foreign = { projectId: 'p2', callbackId: item.callbackId, actor };
    await expect(requestRetry(world, foreign)).rejects.toThrow(new Refusal('callback-not-found'));
  });
});

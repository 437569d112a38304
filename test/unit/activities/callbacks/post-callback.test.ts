import { ConversationCallbackWebhooks } from '@sinch/sdk-core';
import { Webhook } from 'standardwebhooks';
import { beforeEach, describe, expect, it } from 'vitest';
import { buildBody } from '../../../../domain/callbacks/callback-bodies.js';
import { jitterOf } from '../../../../domain/callbacks/retry-schedule.js';
import { webhookId } from '../../../../ledger/event-ids.js';
import {
  APP,
  answered,
  callbackWorld,
  endpoint,
  faulted,
  only,
  SECRET,
  START_MS,
  type CallbackWorld,
} from '../../../worlds/callback-world.js';

let world: CallbackWorld;
beforeEach(async () => {
  world = await callbackWorld();
});

const iso = (ms: number): string => new Date(ms).toISOString();
/** The OPT_OUT callback of a STOP. */
async function stop(from?: string) {
  const [, optOut] = await world.inbound('STOP', from);
  if (optOut === undefined) throw new Error('nothing owed');
  return optOut;
}

describe('post callback: one request', () => {
  it('sends the signed body of the event and records one event', async () => {
    const item = await stop();
    const result = await world.poster.postCallback(item);
    expect(result).toEqual({ callbackId: item.callbackId, state: 'delivered', attempts: 1 });

    const [recorded] = await world.ledger.readStream(item.stream, {
      from: item.revision,
      direction: 'forwards',
      limit: 1,
    });
    if (recorded?.event.type !== 'opted-out') throw new Error('no event');
    const call = only(world.sender.calls);
    const body = String(call.body);
    expect(call.url).toBe('https://ep1.example/hook');
    expect(call.timeoutMs).toBe(15_000);
    expect(body).toBe(buildBody(1, 'OPT_OUT', { event: recorded.event }));
    expect(call.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': webhookId(recorded.event.id, 'OPT_OUT'),
      'optledger-delivery-id': item.callbackId,
      'optledger-attempt': '1',
      'optledger-sequence': String(item.revision),
    });
    expect(
      new ConversationCallbackWebhooks(SECRET).validateAuthenticationHeader({ ...call.headers }, body),
    ).toBe(true);
    const configured = new Webhook(Buffer.from(SECRET), { format: 'raw' });
    const at = new Date(START_MS);
    expect(call.headers['webhook-signature']).toBe(
      configured.sign(call.headers['webhook-id'] ?? '', at, body),
    );

    expect(only(await world.events(item.callbackId))).toMatchObject({
      type: 'callback-delivered',
      data: {
        ...{
          projectId: 'p1',
          appId: APP,
          callbackId: item.callbackId,
          endpointId: 'ep1',
          trigger: 'OPT_OUT',
        },
        ...{
          eventId: recorded.event.id,
          attempt: 1,
          class: 'delivered',
          status: 200,
          fault: null,
          durationMs: 5,
        },
      },
      personal: { peer: '192.0.2.1' },
      meta: { recordedAt: iso(START_MS), actor: { type: 'system' }, causationId: recorded.event.id },
    });
  });

  it('keeps the ids and the body on each attempt, and makes nonce, time and signatures anew', async () => {
    const item = await stop();
    world.sender.answer = () => answered(500);
    await world.poster.postCallback(item);
    world.clock.ms += 10_000;
    await world.poster.postCallback(item);
    const [first, second] = world.sender.calls;
    const changing = [
      'x-sinch-webhook-signature',
      'x-sinch-webhook-signature-nonce',
      'x-sinch-webhook-signature-timestamp',
      'webhook-signature',
      'webhook-timestamp',
      'optledger-attempt',
    ];
    expect(second?.body).toEqual(first?.body);
    for (const [name, value] of Object.entries(first?.headers ?? {})) {
      expect(second?.headers[name] === value, name).toBe(!changing.includes(name));
    }
    expect(second?.headers['optledger-attempt']).toBe('2');
  });

  it('leaves signatures out for an endpoint without a secret', async () => {
    await world.configure({ endpoints: [endpoint('ep1', { sealedSecret: null })] });
    await world.poster.postCallback(await stop());
    const names = Object.keys(only(world.sender.calls).headers);
    expect(names.filter((name) => name.includes('signature'))).toEqual([]);
    expect(names).toContain('webhook-id');
  });

  it('keeps 1 KiB of the answer to a success and all that was read of a failure', async () => {
    const [good, bad] = [await stop('46700000001'), await stop('46700000002')];
    world.sender.answer = () => answered(200, { excerpt: 'x'.repeat(5_000) });
    await world.poster.postCallback(good);
    world.sender.answer = () => answered(500, { excerpt: 'y'.repeat(5_000) });
    await world.poster.postCallback(bad);
    expect(only(await world.events(good.callbackId)).personal?.excerpt).toHaveLength(1_024);
    expect(only(await world.events(bad.callbackId)).personal?.excerpt).toHaveLength(5_000);
  });
});

describe('post callback: failures', () => {
  it('records a failed try with the next time, and does not try before that', async () => {
    const item = await stop();
    world.sender.answer = () => answered(503);
    const nextAttemptAt = iso(START_MS + Math.ceil(5_000 * jitterOf(item.callbackId, 1)));
    const ids = { callbackId: item.callbackId, attempts: 1 };
    const waiting = { ...ids, state: 'waiting', nextAttemptAt, answer: '503' };
    expect(await world.poster.postCallback(item)).toEqual(waiting);
    expect(only(await world.events(item.callbackId))).toMatchObject({
      type: 'callback-attempted',
      data: { attempt: 1, class: 'transient', status: 503, nextAttemptAt, retryAfterMs: null },
    });
    expect(await world.poster.postCallback(item)).toEqual(waiting);
    expect(world.sender.calls).toHaveLength(1);
    world.clock.ms = Date.parse(nextAttemptAt);
    world.sender.answer = () => answered(204);
    expect(await world.poster.postCallback(item)).toMatchObject({ state: 'delivered', attempts: 2 });
    expect(await world.poster.postCallback(item)).toMatchObject({ state: 'delivered', attempts: 2 });
    expect(world.sender.calls).toHaveLength(2);
  });

  it('takes Retry-After for a floor', async () => {
    const item = await stop();
    world.sender.answer = () => answered(429, { retryAfter: '600' });
    expect(await world.poster.postCallback(item)).toMatchObject({ nextAttemptAt: iso(START_MS + 600_000) });
    expect(only(await world.events(item.callbackId))).toMatchObject({ data: { retryAfterMs: 600_000 } });
  });

  it.each([
    [
      faulted('timeout'),
      { type: 'callback-attempted', data: { class: 'transient', status: null, fault: 'timeout' } },
    ],
    [faulted('dns'), { type: 'callback-attempted', data: { class: 'misconfigured', fault: 'dns' } }],
    [
      answered(302),
      { type: 'callback-attempted', data: { class: 'misconfigured', status: 302, fault: null } },
    ],
    [
      answered(422),
      { type: 'callback-parked', data: { reason: 'refused', attempts: 1, last: { status: 422 } } },
    ],
    [
      faulted('blocked'),
      { type: 'callback-parked', data: { reason: 'blocked', last: { fault: 'blocked' } } },
    ],
  ])('%j', async (answer, event) => {
    const item = await stop();
    world.sender.answer = () => answer;
    await world.poster.postCallback(item);
    expect(only(await world.events(item.callbackId))).toMatchObject(event);
  });

  it('parks when the schedule is exhausted', async () => {
    await world.configure({
      endpoints: [endpoint('ep1', { delivery: { profile: 'durable', delays: [1, 1], timeoutS: 1 } })],
    });
    const item = await stop();
    world.sender.answer = () => faulted('refused');
    for (let i = 0; i < 3; i++) {
      await world.poster.postCallback(item);
      world.clock.ms += 2_000;
    }
    const events = await world.events(item.callbackId);
    expect(events.map(({ type }) => type)).toEqual([
      'callback-attempted',
      'callback-attempted',
      'callback-parked',
    ]);
    expect(events.at(-1)).toMatchObject({
      data: { reason: 'exhausted', attempts: 3, last: { attempt: 3, fault: 'refused' } },
    });
    expect(await world.poster.postCallback(item)).toMatchObject({ state: 'parked', attempts: 3 });
    expect(world.sender.calls).toHaveLength(3);
  });

  it('parks after a 410 and disables the endpoint, once', async () => {
    const [first, second] = [await stop('46700000001'), await stop('46700000002')];
    world.sender.answer = () => answered(410);
    expect(await world.poster.postCallback(first)).toMatchObject({ state: 'parked' });
    expect(only(await world.events(first.callbackId))).toMatchObject({
      data: { reason: 'gone', attempts: 1 },
    });
    const { endpoints } = await world.app();
    expect(endpoints.map(({ id, disabled }) => [id, disabled])).toEqual([
      ['ep1', { reason: 'gone' }],
      ['ep2', null],
    ]);
    expect(await world.poster.postCallback(second)).toMatchObject({ state: 'parked', attempts: 0 });
    expect(only(await world.events(second.callbackId))).toMatchObject({
      data: { reason: 'endpoint-disabled', last: null },
    });
    expect(world.sender.calls).toHaveLength(1);
  });

  it('records nothing of a request that it aborted itself', async () => {
    const item = await stop();
    world.sender.answer = () => faulted('aborted');
    await expect(world.poster.postCallback(item)).rejects.toMatchObject({
      name: 'CallbackFault',
      message: 'stopping',
    });
    expect(await world.events(item.callbackId)).toEqual([]);
  });
});

describe('post callback: the endpoint as it is now', () => {
  it.each([
    ['endpoint-removed', { endpoints: [] }],
    ['endpoint-disabled', { endpoints: [endpoint('ep1', { disabled: { reason: 'owner' as const } })] }],
    ['endpoint-disabled', { endpoints: [endpoint('ep1', { targetType: 'DISMISS' as const })] }],
    ['app-deleted', { deleted: true }],
  ])('parks without a request: %s', async (reason, change) => {
    const item = await stop();
    await world.configure(change);
    expect(await world.poster.postCallback(item)).toMatchObject({ state: 'parked', attempts: 0 });
    expect(only(await world.events(item.callbackId))).toMatchObject({
      data: { reason, attempts: 0, last: null },
    });
    expect(world.sender.calls).toEqual([]);
  });

  it('counts the requests made before it was removed', async () => {
    const item = await stop();
    world.sender.answer = () => answered(500);
    await world.poster.postCallback(item);
    await world.configure({ endpoints: [] });
    world.clock.ms += 60_000;
    expect(await world.poster.postCallback(item)).toMatchObject({ state: 'parked', attempts: 1 });
  });

  it('goes to a changed address with the changed secret', async () => {
    const item = await stop();
    world.sender.answer = () => answered(500);
    await world.poster.postCallback(item);
    await world.configure({
      endpoints: [endpoint('ep1', { target: 'https://new.example/', sealedSecret: null })],
    });
    world.clock.ms += 60_000;
    await world.poster.postCallback(item);
    expect(world.sender.calls.map(({ url }) => url)).toEqual([
      'https://ep1.example/hook',
      'https://new.example/',
    ]);
    expect(world.sender.calls[1]?.headers).not.toHaveProperty('webhook-signature');
  });

  it('faults when a secret does not open, and says no more than that', async () => {
    await world.configure({ endpoints: [endpoint('ep1', { sealedSecret: 's1.AAAA' })] });
    const item = await stop();
    await expect(world.poster.postCallback(item)).rejects.toMatchObject({
      name: 'CallbackFault',
      message: 'UnsealFailed',
    });
  });
});

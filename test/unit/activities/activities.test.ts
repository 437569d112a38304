import { randomUUID } from 'node:crypto';
import { asyncLocalStorage, Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { beforeEach, describe, expect, it } from 'vitest';
import { POLICY } from '../../../bin/wiring/policy.js';
import { CallbackFault, type CallbackResult } from '../../../activities/callbacks/callback-types.js';
import { createActivities, type ActivitiesDeps, type AllActivities } from '../../../activities/index.js';
import type { OwedCallback } from '../../../domain/owed.js';
import { SCHEMA_CODEC } from '../../../ledger/event-codec.js';
import { createMemoryLedger } from '../../../ledger/memory/memory-ledger.js';
import { planMessage } from '../../../workflows/plan-message.js';
import { fakeChannel, mid, taken, World } from '../../worlds/hand-over-world.js';

let world: World;
let faults: { id: string; code: string }[];
beforeEach(async () => {
  world = new World(createMemoryLedger(SCHEMA_CODEC));
  await world.configure();
  faults = [];
});

type Poster = ActivitiesDeps['poster'];
const silent: Poster = {
  postCallbacks: async () => [],
  postCallback: () => Promise.reject(new Error('unused')),
};
function activitiesWith({ poster = silent, channel = fakeChannel(() => taken) } = {}): AllActivities {
  return createActivities({
    ...{ ledger: world.ledger, clock: world.clock, newId: randomUUID, channelFor: () => channel, poster },
    batch: POLICY.batch,
    onFault: ({ id, code }) => faults.push({ id, code }),
  });
}
/** Runs as Temporal runs an activity, in its `attempt`th try. */
const asActivity = <T>(work: () => Promise<T>, attempt = 1): Promise<T> =>
  asyncLocalStorage.run(
    Object.assign(Object.create(Context.prototype) as Context, { info: { attempt } }),
    work,
  );
async function failureOf(
  work: Promise<unknown>,
): Promise<{ type: unknown; message: string; delay: unknown }> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApplicationFailure)) throw new Error('no failure of an activity');
  return { type: error.type, message: error.message, delay: error.nextRetryDelay };
}
const callback = (callbackId: string): OwedCallback => ({
  ...{ callbackId, projectId: 'p', appId: 'a', endpointId: 'e', trigger: 'OPT_OUT' },
  ...{ stream: 'contact-c', revision: 0, after: null },
});

describe('activities of messages', () => {
  it('read and hand over, many or one', async () => {
    const { messages } = activitiesWith();
    const items = [await world.send('m1', 'c1'), await world.send('m2', 'c2')];
    const read = await asActivity(() => messages.readMessages(items));
    const plans = read.messages.flatMap((message) => {
      const step = planMessage(read, message);
      return step.step === 'act' ? [step.plan] : [];
    });
    const [first, second] = plans;
    if (first === undefined || second === undefined) throw new Error('no plans');
    expect(await asActivity(() => messages.handOverMessages([first]))).toMatchObject([{ state: 'ended' }]);
    expect(await asActivity(() => messages.handOverMessage(second))).toMatchObject({ state: 'ended' });
  });

  it('throw a code and nothing else', async () => {
    const broken = fakeChannel(() => taken, {
      onPrepare: () => Promise.reject(new Error('the secret for +46700000001 does not open')),
    });
    const { messages } = activitiesWith({ channel: broken });
    const item = await world.send('m1', 'c1');
    const read = await asActivity(() => messages.readMessage(item));
    const [message] = read.messages;
    const step = message === undefined ? undefined : planMessage(read, message);
    if (step?.step !== 'act') throw new Error('nothing to do');
    const failure = await failureOf(asActivity(() => messages.handOverMessage(step.plan)));
    expect(failure).toEqual({ type: 'Fault', message: 'Fault', delay: undefined });
    const lost = { ...item, messageId: mid('never accepted') };
    expect(await failureOf(asActivity(() => messages.readMessage(lost)))).toMatchObject({
      type: 'MessageUnreadable',
    });
    expect(await asActivity(() => messages.readMessages([lost]))).toMatchObject({
      messages: [{ status: 'faulted', code: 'MessageUnreadable' }],
    });
    expect(faults.map(({ code }) => code)).toEqual(['Fault', 'MessageUnreadable']);
  });

  it('give work back without an alarm when the process stops', async () => {
    const all = activitiesWith();
    await all.stopNewHandOvers();
    const stopping = { type: 'stopping', message: 'stopping', delay: '1s' };
    expect(await failureOf(asActivity(() => all.messages.handOverMessages([])))).toEqual(stopping);
    expect(faults).toEqual([]);
  });
});

describe('activities of callbacks', () => {
  const results = (...states: CallbackResult[]): Poster => ({
    postCallbacks: async () => states,
    postCallback: async () => states[0] ?? { callbackId: 'c', state: 'delivered', attempts: 1 },
  });
  const delivered: CallbackResult = { callbackId: 'c1', state: 'delivered', attempts: 1 };
  const skipped: CallbackResult = { callbackId: 'c2', state: 'skipped', attempts: 0 };

  it('say from when their times count', async () => {
    const { callbacks } = activitiesWith({ poster: results(delivered) });
    const posted = { now: world.now, results: [delivered] };
    expect(await asActivity(() => callbacks.postCallbacks([callback('c1')]))).toEqual(posted);
    expect(await asActivity(() => callbacks.postCallback(callback('c1'), null))).toEqual(posted);
  });

  it('look at the ledger first when a batch is repeated', async () => {
    const lookedUp: unknown[] = [];
    const poster: Poster = {
      ...silent,
      postCallbacks: async (_items, _signal, options) => {
        lookedUp.push(options?.lookUp);
        return [];
      },
    };
    const { callbacks } = activitiesWith({ poster });
    await asActivity(() => callbacks.postCallbacks([]));
    await asActivity(() => callbacks.postCallbacks([]), 2);
    expect(lookedUp).toEqual([false, true]);
  });

  it('throw the code of a fault', async () => {
    const failing: Poster = {
      ...silent,
      postCallback: () => Promise.reject(new CallbackFault('event-missing')),
    };
    const { callbacks } = activitiesWith({ poster: failing });
    const failure = await failureOf(asActivity(() => callbacks.postCallback(callback('c1'), null)));
    expect(failure).toMatchObject({ type: 'event-missing', message: 'event-missing' });
    expect(faults).toEqual([{ id: 'c1', code: 'event-missing' }]);
  });

  it('give a batch back whole when the process stops before all of it was tried', async () => {
    const all = activitiesWith({ poster: results(delivered, skipped) });
    const items = [callback('c1'), callback('c2')];
    expect(await asActivity(() => all.callbacks.postCallbacks(items))).toMatchObject({
      results: [delivered, skipped],
    });
    await all.stopNewHandOvers();
    const failure = await failureOf(asActivity(() => all.callbacks.postCallbacks(items)));
    expect(failure).toMatchObject({ type: 'stopping' });
    expect(faults).toEqual([]);
  });
});

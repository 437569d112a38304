import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { waitFor } from '../support/wait-for.js';
import { appState, fakeChannel, taken } from '../worlds/hand-over-world.js';
import { answered, endpoint, WorkflowsWorld } from '../worlds/workflows-world.js';

const MESSAGES = 30;
const CALLBACKS = 30;
const names = Array.from({ length: MESSAGES }, (_, n) => `m${String(n)}`);

let env: WorkflowsWorld;
beforeEach(async () => {
  env = await new WorkflowsWorld().open();
  await env.startServer(inject('temporalExecutable'));
});
afterEach(async () => {
  await env.stopEngine();
  await env.stopServer();
  await env.close();
});

/** Everything was tried once, nothing has ended: each waits in a workflow of its own. */
async function everythingWaits(): Promise<void> {
  const patient = { ...endpoint, delivery: { ...endpoint.delivery, delays: [60, 60, 60, 60] } };
  await env.world.configure(appState({}, { endpoints: [patient] }));
  env.channel = fakeChannel(() => ({ outcome: 'not-taken', class: 'busy', retryAfterMs: 60_000 }));
  env.answer = () => answered(503);
  await env.startEngine();
  await Promise.all([
    ...names.map((name) => env.world.send(name, `c-${name}`)),
    ...Array.from({ length: CALLBACKS }, (_, n) => env.world.consent(`s${String(n)}`, 'OPT_OUT')),
  ]);
  await waitFor(
    'a workflow each',
    async () =>
      (await env.workflows("ExecutionStatus = 'Running' AND OptState = 'waiting'")).length ===
      MESSAGES + CALLBACKS,
    60_000,
  );
}

async function everythingEnds(): Promise<void> {
  const channel = fakeChannel(() => taken);
  env.channel = channel;
  env.answer = () => answered(200);
  // Past every next attempt, and two minutes more.
  env.offsetMs += 200_000;
  env.posted.length = 0;
  await env.startReactor();
  // MESSAGE_SUBMIT of each message comes on top of what was owed.
  await waitFor(
    'nothing is owed',
    () => env.posted.length >= MESSAGES + CALLBACKS && env.owed() === 0,
    60_000,
  );
  expect(channel.begun).toHaveLength(MESSAGES);
  expect(env.posted).toHaveLength(MESSAGES + CALLBACKS);
  for (const name of names) expect((await env.world.types(name)).at(-1)).toBe('message-dispatched');
}

describe('everything owed ends', () => {
  it('although every workflow was terminated', async () => {
    await everythingWaits();
    await env.reactor?.stop();
    for (const { id } of await env.workflows("ExecutionStatus = 'Running'")) {
      await env.client.workflow.getHandle(id).terminate();
    }
    await everythingEnds();
  }, 120_000);

  it('although the database of Temporal was deleted', async () => {
    await everythingWaits();
    await env.stopEngine();
    await env.stopServer();
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${env.dbFile}${suffix}`, { force: true });
    await env.startServer(inject('temporalExecutable'));
    await env.startEngine({ reactor: false });
    expect(await env.workflows()).toEqual([]);
    await everythingEnds();
  }, 120_000);

  it('although the process died after a batch was stored and before, or after, it was started', async () => {
    await env.world.configure();
    await env.startEngine();
    await env.world.send('m1', 'c1');
    await waitFor('the first batch', () => env.owed() === 0);
    await env.reactor?.stop();
    // As if the answer to the start had never come: the same batch is started again and refused as known.
    await env.startReactor();
    await env.world.send('m2', 'c2');
    await waitFor('the second batch', () => env.owed() === 0);
    await waitFor(
      'both completed',
      async () => (await env.workflows("ExecutionStatus = 'Completed'")).length === 2,
    );
    expect(env.reactor?.status()).toMatchObject({ ready: true });
    expect(await env.world.types('m1')).toEqual([
      'message-accepted',
      'message-handing-over',
      'message-dispatched',
    ]);
  });
});

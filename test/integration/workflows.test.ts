import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { OutboundMessage } from '../../channels/channel.js';
import { callbackStream } from '../../ledger/streams.js';
import { waitFor } from '../support/wait-for.js';
import { appState, fakeChannel, mid, taken } from '../worlds/hand-over-world.js';
import { answered, endpoint, WorkflowsWorld } from '../worlds/workflows-world.js';

let server: WorkflowsWorld;
let env: WorkflowsWorld;
beforeAll(async () => {
  server = await new WorkflowsWorld().open();
  await server.startServer(inject('temporalExecutable'));
});
afterAll(async () => {
  await server.stopServer();
  await server.close();
});
beforeEach(async () => {
  env = await new WorkflowsWorld(server.server).open();
});
afterEach(() => env.close());

const busyUntil = (attempt: number) => (message: OutboundMessage) =>
  message.attempt < attempt ? ({ outcome: 'not-taken', class: 'busy', retryAfterMs: null } as const) : taken;

describe('with the real Temporal server', () => {
  it('hands a message over, delivers its callback, and names what it did', async () => {
    await env.world.configure(appState({}, { endpoints: [endpoint] }));
    await env.startEngine();
    await env.world.send('m1', 'c1');
    await waitFor('everything ended', () => env.posted.length === 1 && env.owed() === 0);
    expect(await env.world.types('m1')).toEqual([
      'message-accepted',
      'message-handing-over',
      'message-dispatched',
    ]);
    const found = await waitFor('both completed', async () => {
      const done = await env.workflows("ExecutionStatus = 'Completed'");
      return done.length === 2 && done;
    });
    expect(found.map(({ type }) => type)).toEqual(['deliver-callbacks', 'send-messages']);
    const summaries = await Promise.all(found.map(({ id }) => env.client.workflow.getHandle(id).result()));
    expect(summaries).toEqual(['deliver-callbacks · 1 · 1 delivered', 'send-messages · 1 · 1 handed over']);
  });

  it('gives a message that is not taken a workflow of its own, which decides anew each time', async () => {
    const channel = fakeChannel(busyUntil(3));
    env.channel = channel;
    await env.world.configure();
    await env.startEngine();
    await env.world.send('m1', 'c1');
    await waitFor('the message ended', async () =>
      (await env.world.types('m1')).includes('message-dispatched'),
    );
    expect(channel.begun.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    await env.world.send('m2', 'c2');
    await waitFor('a first refusal', async () => (await env.world.types('m2')).includes('message-not-sent'));
    await env.world.consent('c2', 'OPT_OUT');
    await waitFor('the message ended', async () => (await env.world.types('m2')).includes('message-blocked'));
    const seen = env.client.workflow.getHandle(`${env.ledgerId}:message:${mid('m2')}`);
    expect(await seen.result()).toBe('blocked');
  });

  it('shows a waiting callback so that an operator can find and read it', async () => {
    await env.world.configure(appState({}, { endpoints: [endpoint] }));
    env.answer = () => answered(env.posted.length < 3 ? 503 : 200);
    await env.startEngine();
    await env.world.consent('c1', 'OPT_OUT');
    const [waiting] = await waitFor('a workflow that waits', async () => {
      const found = await env.workflows(
        "OptState = 'waiting' AND OptTrigger = 'OPT_OUT' AND OptAttempts = 1",
      );
      return found.length > 0 && found;
    });
    expect(waiting).toMatchObject({ type: 'deliver-callback', status: 'RUNNING' });
    const shown = await env.client.workflow.getHandle(waiting?.id ?? '').describe();
    expect(await shown.staticSummary()).toBe(`deliver-callback · OPT_OUT → ${endpoint.id}`);
    expect(JSON.stringify(shown.raw)).not.toContain('46700000001');
    await waitFor('delivered', () => env.posted.length === 3 && env.owed() === 0);
    const callbackId = waiting?.id.split(':')[2] ?? '';
    const events = await env.ledger.readStream(callbackStream(callbackId), {
      from: 0,
      direction: 'forwards',
      limit: 9,
    });
    expect(events.map(({ event }) => event.type)).toEqual([
      'callback-attempted',
      'callback-attempted',
      'callback-delivered',
    ]);
    const ended = await waitFor('it shows as delivered', async () => {
      const found = await env.workflows("OptState = 'delivered'");
      return found.length > 0 && found;
    });
    expect(ended).toHaveLength(1);
  });

  it('lets a poisoned item of 200 fail alone', async () => {
    env.channel = fakeChannel(() => taken, {
      onPrepare: async ({ messageId }) => {
        if (messageId === mid('m77')) throw new Error('the secret for +46700000001 does not open');
      },
    });
    await env.world.configure();
    await env.startEngine();
    await env.reactor?.stop();
    await Promise.all(
      Array.from({ length: 200 }, (_, n) => env.world.send(`m${String(n)}`, `c${String(n)}`)),
    );
    await env.views.passed(env.ledger.headPosition(), 5_000);
    const began = performance.now();
    await env.startReactor();
    await waitFor('all but one ended', () => env.owed() === 1);
    const ms = performance.now() - began;
    console.log(`199 of 200 ended within ${ms.toFixed(0)} ms of the reactor's start`);
    // Two seconds where nothing else runs; here only that nobody waits for the poisoned one's retries.
    expect(ms).toBeLessThan(10_000);
    const [failing] = await waitFor('it shows as failing', async () => {
      const found = await env.workflows("WorkflowType = 'send-message'");
      const handle = env.client.workflow.getHandle(found[0]?.id ?? '');
      const pending = found.length === 0 ? [] : ((await handle.describe()).raw.pendingActivities ?? []);
      return pending.some(({ attempt }) => (attempt ?? 0) > 1) && found.map((one) => ({ ...one, pending }));
    });
    expect(failing).toMatchObject({ id: `${env.ledgerId}:message:${mid('m77')}`, status: 'RUNNING' });
    expect(failing?.pending.map(({ lastFailure }) => lastFailure?.message)).toEqual(['Fault']);
    expect(await env.workflows("WorkflowType = 'send-message'")).toHaveLength(1);
    expect(await env.workflows("WorkflowType = 'send-messages'")).toMatchObject([{ status: 'COMPLETED' }]);
  });
});

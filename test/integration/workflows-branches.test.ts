import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { MessageFacts } from '../../activities/messages/hand-over-types.js';
import { startTemporalServer, type TemporalServer } from '../../bin/temporal/temporal-server.js';
import { installTemporalRuntime, temporalLogger } from '../../bin/temporal/temporal-worker.js';
import { makeWorkflowBundle } from '../../bin/wiring/workflow-bundle.js';
import type { OwedCallback, OwedMessage } from '../../domain/owed.js';
import { WAKE_SIGNAL } from '../../workflows/names.js';
import { waitFor } from '../support/wait-for.js';
import { activities, calls, script } from './workflows-script.js';

// Every branch of the workflows, with scripted activities: each answer is given once, the last one for ever.

const logger = pino({ level: 'silent' });
const dir = mkdtempSync(join(tmpdir(), 'branches-'));
const QUEUE = 'branches';
const SOON = 600;

let server: TemporalServer;
let connection: NativeConnection;
let client: Client;
let worker: Worker;
let running: Promise<void>;
beforeAll(async () => {
  installTemporalRuntime(logger);
  server = await startTemporalServer({
    executable: inject('temporalExecutable'),
    dbFile: join(dir, 'temporal.db'),
    dynamicConfig: ['limit.historyCount.suggestContinueAsNew=30'],
  });
  connection = await NativeConnection.connect({ address: server.address });
  client = new Client({ connection });
  const code = await makeWorkflowBundle(temporalLogger(logger));
  worker = await Worker.create({ connection, taskQueue: QUEUE, workflowBundle: { code }, activities });
  running = worker.run();
});
afterAll(async () => {
  worker.shutdown();
  await running;
  await connection.close();
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
});

const owedMessage = (messageId: string): OwedMessage => ({
  messageId,
  projectId: 'p',
  appId: 'a',
  cause: null,
});
const owedCallback = (callbackId: string): OwedCallback => ({
  ...{ callbackId, projectId: 'p', appId: 'a', endpointId: 'e', trigger: 'OPT_OUT' },
  ...{ stream: 'contact-c', revision: 0, after: null },
});
function openMessage(messageId: string, more: object = {}): MessageFacts {
  return {
    ...{ status: 'open', item: owedMessage(messageId), revision: 0, phase: 'new', attempt: 0, retryAt: null },
    ...{
      handingOverSince: null,
      unresolved: 0,
      kind: 'MESSAGE',
      contentType: 'CONTENT_UNKNOWN',
      cause: null,
    },
    ...{ expiresAt: '2999-01-01T00:00:00.000Z', contacts: [], ...more },
  };
}
async function run(type: string, argument: object, workflowId: string = randomUUID()): Promise<unknown> {
  return client.workflow.execute(type, { workflowId, taskQueue: QUEUE, args: [argument] });
}
const soon = (): string => new Date(Date.now() + SOON).toISOString();

describe('send-message', () => {
  const send = (messageId: string, known: unknown = null): Promise<unknown> =>
    run('send-message', { item: owedMessage(messageId), searchAttributes: false, known });
  const ended = (messageId: string, as = 'dispatched') => ({ messageId, state: 'ended', as });

  it('ends with what the ledger says already', async () => {
    script.set('read m1', [{ status: 'ended', item: owedMessage('m1'), as: 'blocked' }]);
    expect(await send('m1')).toBe('blocked');
  });

  it('waits out what a batch found, then tries until it ends', async () => {
    script.set('read m2', [openMessage('m2')]);
    const waiting = {
      messageId: 'm2',
      state: 'waiting',
      attempt: 1,
      why: 'busy',
      waitMs: SOON,
      until: soon(),
    };
    script.set('send m2', [{ ...waiting, attempt: 2 }, ended('m2')]);
    const began = Date.now();
    expect(await send('m2', waiting)).toBe('dispatched');
    expect(Date.now() - began).toBeGreaterThanOrEqual(2 * SOON);
    expect(calls.filter((call) => call === 'send m2')).toHaveLength(2);
  });

  it.each([
    ['stale', { state: 'again', why: 'stale' }],
    ['running', { state: 'running' }],
    ['faulted', { state: 'faulted', code: 'Fault' }],
  ])('looks again after %s', async (name, first) => {
    script.set(`read ${name}`, [openMessage(name)]);
    script.set(`send ${name}`, [ended(name, 'failed')]);
    expect(await send(name, { messageId: name, ...first })).toBe('failed');
  });

  it('waits for its next try, and for the outcome of an intent', async () => {
    const since = new Date(Date.now() - 8_000).toISOString();
    script.set('read m3', [
      openMessage('m3', { phase: 'waiting', attempt: 1, retryAt: soon() }),
      openMessage('m3', { phase: 'handing-over', attempt: 2, unresolved: 1, handingOverSince: since }),
      { status: 'ended', item: owedMessage('m3'), as: 'dispatched' },
    ]);
    expect(await send('m3')).toBe('dispatched');
    expect(calls).not.toContain('send m3');
  });

  it('repeats our own faults until they are mended', async () => {
    script.set('read m4', [new Error('LedgerUnavailable'), openMessage('m4')]);
    script.set('send m4', [new Error('Fault'), ended('m4')]);
    expect(await send('m4')).toBe('dispatched');
  });

  it('begins a new history before the old one is too long', async () => {
    script.set('read m5', [openMessage('m5')]);
    const again = { messageId: 'm5', state: 'again', why: 'stale' };
    script.set('send m5', [again, again, again, ended('m5')]);
    const workflowId = randomUUID();
    const argument = { item: owedMessage('m5'), searchAttributes: false, known: null };
    const handle = await client.workflow.start('send-message', {
      workflowId,
      taskQueue: QUEUE,
      args: [argument],
    });
    expect(await handle.result()).toBe('dispatched');
    expect((await client.workflow.getHandle(workflowId).describe()).runId).not.toBe(
      handle.firstExecutionRunId,
    );
  });
});

describe('deliver-callback', () => {
  const deliver = (callbackId: string, result?: object): Promise<unknown> =>
    run('deliver-callback', {
      ...{ item: owedCallback(callbackId), searchAttributes: false },
      known:
        result === undefined ? null : { now: Date.now(), result: { callbackId, attempts: 0, ...result } },
    });
  const of = (callbackId: string, state: string, more: object = {}) => ({
    callbackId,
    state,
    attempts: 1,
    ...more,
  });

  it.each(['delivered', 'parked'])('ends when it is %s', async (state) => {
    script.set(`post ${state}`, [of(state, state)]);
    expect(await deliver(state)).toBe(state);
  });

  it('waits out what a batch found, then tries until it ends', async () => {
    const waiting = { state: 'waiting', nextAttemptAt: soon(), answer: '503' };
    script.set('post c1', [
      of('c1', 'waiting', { ...waiting, attempts: 2 }),
      of('c1', 'delivered', { attempts: 3 }),
    ]);
    expect(await deliver('c1', { ...waiting, attempts: 1 })).toBe('delivered');
  });

  it.each([
    ['behind', { until: soon() }],
    ['skipped', {}],
    ['late', {}],
    ['faulted', { code: 'event-missing' }],
  ])('looks again after %s', async (state, more) => {
    script.set(`post ${state}`, [of(state, 'delivered')]);
    expect(await deliver(state, { state, ...more })).toBe('delivered');
  });

  it('passes on until when the first request may be under way elsewhere', async () => {
    script.set('post-running c2', [of('c2', 'delivered')]);
    expect(await deliver('c2', { state: 'running', until: soon() })).toBe('delivered');
  });

  it('begins a new history before the old one is too long', async () => {
    const skipped = of('c3', 'skipped');
    script.set('post c3', [skipped, skipped, skipped, skipped, of('c3', 'parked')]);
    expect(await deliver('c3')).toBe('parked');
  });

  it('looks again at once when it is woken: while it waits, while it tries, as it parks', async () => {
    const [far, handle] = ['2999-01-01T00:00:00.000Z', client.workflow.getHandle('woken')];
    const waiting = { ...of('c4', 'waiting'), nextAttemptAt: far, answer: '503' };
    const meanwhile = (result: object) => async () => {
      await handle.signal(WAKE_SIGNAL);
      return result;
    };
    script.set('post c4', [waiting, meanwhile(waiting), meanwhile(of('c4', 'parked')), of('c4', 'parked')]);
    const argument = { item: owedCallback('c4'), searchAttributes: false, known: null };
    const ended = run('deliver-callback', argument, 'woken');
    await waitFor('it waits', () => calls.includes('post c4') || undefined);
    await handle.signal(WAKE_SIGNAL);
    expect(await ended).toBe('parked');
    expect(calls.filter((call) => call === 'post c4')).toHaveLength(4);
  });
});

describe('batches', () => {
  const batch = <T>(items: readonly T[]) => ({ ledgerId: 'l', items, searchAttributes: false });

  it('count what ended, and give the rest workflows of their own, though one runs already', async () => {
    const names = ['b-sent', 'b-blocked', 'b-failed', 'b-ended', 'b-waits', 'b-faults', 'b-again'];
    for (const name of names) script.set(`read ${name}`, [openMessage(name)]);
    script.set('read b-ended', [{ status: 'ended', item: owedMessage('b-ended'), as: 'dispatched' }]);
    script.set('read b-faults', [{ status: 'faulted', item: owedMessage('b-faults'), code: 'Fault' }]);
    script.set('read b-waits', [
      openMessage('b-waits', { phase: 'waiting', retryAt: '2999-01-01T00:00:00.000Z' }),
    ]);
    for (const [name, as] of [
      ['sent', 'dispatched'],
      ['blocked', 'blocked'],
      ['failed', 'failed'],
    ] as const) {
      script.set(`send b-${name}`, [{ messageId: `b-${name}`, state: 'ended', as }]);
    }
    script.set('send b-again', [{ messageId: 'b-again', state: 'again', why: 'conflict' }]);
    const items = names.map(owedMessage);
    const summary = 'send-messages · 7 · 2 handed over, 1 blocked, 1 failed, 3 waiting';
    expect(await run('send-messages', batch(items))).toBe(summary);
    expect(await run('send-messages', batch(items))).toBe(summary);
    for (const name of ['b-waits', 'b-faults', 'b-again']) {
      const { status } = await client.workflow.getHandle(`l:message:${name}`).describe();
      expect(status.name).toBe('RUNNING');
      await client.workflow.getHandle(`l:message:${name}`).terminate();
    }
  });

  it('go on with what could not begin in time, and give up on that after thirty rounds', async () => {
    const late = { callbackId: 'late1', state: 'late', attempts: 0 };
    script.set('post late1', [late, late, { ...late, state: 'delivered' }]);
    expect(await run('deliver-callbacks', batch([owedCallback('late1')]))).toBe(
      'deliver-callbacks · 1 · 1 delivered',
    );
    script.set(
      'post late2',
      Array.from({ length: 30 }, () => ({ ...late, callbackId: 'late2' })),
    );
    expect(await run('deliver-callbacks', batch([owedCallback('late2')]))).toBe(
      'deliver-callbacks · 1 · 1 waiting',
    );
    await client.workflow.getHandle('l:callback:late2').terminate();

    script.set('read late3', [openMessage('late3'), openMessage('late3')]);
    script.set('send late3', [
      { messageId: 'late3', state: 'again', why: 'withdrawn' },
      { messageId: 'late3', state: 'ended', as: 'dispatched' },
    ]);
    expect(await run('send-messages', batch([owedMessage('late3')]))).toBe(
      'send-messages · 1 · 1 handed over',
    );
  });

  it('hand nothing over when nothing is to be done', async () => {
    script.set('read n1', [{ status: 'ended', item: owedMessage('n1'), as: 'dispatched' }]);
    expect(await run('send-messages', batch([owedMessage('n1')]))).toBe('send-messages · 1 · 1 handed over');
  });

  it('of callbacks do the same', async () => {
    const states = ['delivered', 'parked', 'waiting', 'behind', 'running', 'skipped', 'faulted'];
    const far = '2999-01-01T00:00:00.000Z';
    for (const state of states) {
      script.set(`post x-${state}`, [
        { callbackId: `x-${state}`, state, attempts: 1, nextAttemptAt: far, until: far, code: 'c' },
      ]);
    }
    const items = states.map((state) => owedCallback(`x-${state}`));
    expect(await run('deliver-callbacks', batch(items))).toBe(
      'deliver-callbacks · 7 · 1 delivered, 1 parked, 5 waiting',
    );
    for (const state of states.slice(2)) {
      await client.workflow.getHandle(`l:callback:x-${state}`).terminate();
    }
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { atOnce } from '../support/at-once.js';
import { startInstance, type Instance } from '../support/instance/instance.js';
import { metric, nothingOwed } from '../support/metrics.js';
import type { Received } from '../support/stand-ins/scripted-server.js';
import type { ServerProcess } from '../support/stand-ins/server-process.js';
import { inbound, registerWebhook, toCallback } from '../support/story.js';
import {
  connectTemporal,
  RUNNING,
  temporalAddress,
  type OperatorsTemporal,
} from '../support/temporal/temporal-client.js';
import { waitFor } from '../support/wait-for.js';
import { startWebhookReceiverProcess } from '../support/stand-ins/webhook-receiver.js';

// A receiver with five webhooks refuses everything for as long as it takes for all its callbacks to wait, each in a
// workflow of its own: more than stand in a batch and than a worker remembers; 2,000 in the long form. Then it recovers.

const LONG = process.env['OPTLEDGER_LONG'] === '1';
const ENDPOINTS = 5;
const MESSAGES = LONG ? 400 : 60;
const WAITING = ENDPOINTS * MESSAGES;
/** So long that retries do not pile up on those that have not been tried yet. */
const DELAYS_S = Array.from({ length: 20 }, () => (LONG ? 100 : 20));

let instance: Instance;
let receiver: ServerProcess;
let temporal: OperatorsTemporal;

beforeAll(async () => {
  receiver = await startWebhookReceiverProcess();
  await receiver.script({ status: 503 });
  instance = await startInstance();
  temporal = await connectTemporal(temporalAddress(instance.dataDir));
  for (let n = 0; n < ENDPOINTS; n += 1) {
    const target = `${receiver.url}/${String(n)}`;
    const id = await registerWebhook(instance, target, { triggers: ['MESSAGE_INBOUND'] });
    const settings = `/webhooks/${id}/delivery-settings`;
    expect((await instance.call('PATCH', settings, { delays: DELAYS_S })).status).toBe(200);
  }
});
afterAll(async () => {
  await temporal.close();
  await instance.stop();
  await receiver.stop();
});

describe(`${String(WAITING)} callbacks that wait`, () => {
  it('have a workflow each', { timeout: 300_000 }, async () => {
    const since = Date.now();
    const number = (n: number): string => `4673${String(n).padStart(5, '0')}`;
    const answers = await atOnce(MESSAGES, (n) => inbound(instance, number(n), 'hello'));
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    const query = `${RUNNING} AND WorkflowType = 'deliver-callback' AND OptState = 'waiting'`;
    await waitFor('all wait', async () => (await temporal.count(query)) === WAITING, 280_000);
    console.log(`${String(WAITING)} wait in a workflow each after ${secondsSince(since)} s`);
    expect(await metric(instance, 'optledger_owed{lane="callbacks"}')).toBe(WAITING);
  });

  it('are all delivered once the endpoint has recovered', { timeout: 300_000 }, async () => {
    const since = Date.now();
    await receiver.script({});
    await nothingOwed(instance, 280_000);
    console.log(`${String(WAITING)} delivered ${secondsSince(since)} s after the recovery`);
    expect(await metric(instance, 'optledger_callback_attempts_total{class="delivered"}')).toBe(WAITING);
    expect(await metric(instance, 'optledger_callbacks_parked')).toBe(0);
    const requests = await receiver.requests();
    sameOnEachAttempt(requests);
    const told = requests.map((one) => `${one.path} ${String(toCallback(one).payload['id'])}`);
    expect(new Set(told).size).toBe(WAITING);
    await waitFor('no workflow is left', async () => (await temporal.count(RUNNING)) === 0, 60_000);
  });
});

const secondsSince = (since: number): string => ((Date.now() - since) / 1000).toFixed(1);

/** Ids and bodies stay the same, attempts are counted, and the first one failed. */
function sameOnEachAttempt(requests: readonly Received[]): void {
  const attempts = Map.groupBy(requests, ({ headers }) => headers['optledger-delivery-id'] ?? '');
  expect(attempts.size).toBe(WAITING);
  const wrong = [...attempts.values()].filter((ones) => {
    const same = (value: (one: Received) => unknown): boolean => new Set(ones.map(value)).size === 1;
    const numbered = ones.every(({ headers }, n) => headers['optledger-attempt'] === String(n + 1));
    return !(ones.length > 1 && numbered && same(({ body }) => body) && same(webhookIdOf));
  });
  expect(wrong).toEqual([]);
}

const webhookIdOf = ({ headers }: Received): string => headers['webhook-id'] ?? '';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startInstance, type Instance } from '../support/instance/instance.js';
import { nothingOwed } from '../support/metrics.js';
import type { ScriptedServer } from '../support/stand-ins/scripted-server.js';
import { inbound, registerWebhook, toCallback } from '../support/story.js';
import { connectTemporal, RUNNING, temporalAddress } from '../support/temporal/temporal-client.js';
import { waitFor } from '../support/wait-for.js';
import { startWebhookReceiver } from '../support/stand-ins/webhook-receiver.js';

// A receiver that is gone while its callbacks are tried again and again misses nothing, and hears each contact in its
// order. In the long form the schedule is the product's own, for two minutes.

const LONG = process.env['OPTLEDGER_LONG'] === '1';
/** Tries that fail before the receiver is back: within two minutes of the product's schedule there are five. */
const TRIES = LONG ? 5 : 3;
const SOONER_S = [1, 2, 4, ...Array.from({ length: 20 }, () => 5)];
const CONTACTS = 8;
const WORDS = ['STOP', 'START', 'STOP MARKETING', 'START MARKETING'];

let instance: Instance;
let receiver: ScriptedServer;
let endpointId = '';

const people = Array.from({ length: CONTACTS }, (_, n) => `46780${String(n).padStart(6, '0')}`);
const told = (identity: string): string[] =>
  receiver.requests
    .map(toCallback)
    .filter(({ kind, payload }) => kind.startsWith('opt_') && payload['identity'] === identity)
    .map(({ body, kind }) => `${kind} ${String(body['message_metadata'])}`);

beforeAll(async () => {
  receiver = await startWebhookReceiver();
  instance = await startInstance();
  endpointId = await registerWebhook(instance, `${receiver.url}/hook`, { secret: 'of the receiver' });
  if (!LONG) {
    const settings = `/webhooks/${endpointId}/delivery-settings`;
    expect((await instance.call('PATCH', settings, { delays: SOONER_S })).status).toBe(200);
  }
  await receiver.down();
  for (const word of WORDS) {
    await Promise.all(people.map((identity) => inbound(instance, identity, word)));
  }
});

afterAll(async () => {
  await instance.stop();
  await receiver.close();
});

describe('a receiver that is down', () => {
  it('shows as one readable workflow per waiting callback', { timeout: 60_000 }, async () => {
    const temporal = await connectTemporal(temporalAddress(instance.dataDir));
    try {
      const query = `${RUNNING} AND WorkflowType = 'deliver-callback' AND OptState = 'waiting' AND OptEndpoint = '${endpointId}'`;
      const waiting = await waitFor(
        'waiting workflows',
        async () => {
          const found = await temporal.list(query);
          return found.length >= CONTACTS * 2 && found;
        },
        30_000,
      );
      const ids = waiting.map(({ workflowId }) => workflowId);
      expect(new Set(ids).size).toBe(ids.length);
      const description = await temporal.client.workflow.getHandle(ids[0] ?? '').describe();
      expect(await description.staticSummary()).toMatch(/^deliver-callback · [A-Z_]+ → /);
      const shown = description.typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]);
      expect(Object.fromEntries(shown)).toMatchObject({
        OptApp: 'demo',
        OptEndpoint: endpointId,
        OptState: 'waiting',
      });
    } finally {
      await temporal.close();
    }
  });

  it('misses nothing once it is back, and hears each contact in order', { timeout: 400_000 }, async () => {
    const temporal = await connectTemporal(temporalAddress(instance.dataDir));
    const tried = `${RUNNING} AND OptEndpoint = '${endpointId}' AND OptAttempts >= ${String(TRIES)}`;
    // The first callback of each contact and list, and everything that waits for nothing.
    await waitFor('more tries', async () => (await temporal.count(tried)) >= CONTACTS * 2, 300_000);
    await temporal.close();
    expect(receiver.requests).toEqual([]);
    await receiver.up();
    const since = Date.now();
    await nothingOwed(instance, 300_000);
    console.log(
      `everything arrived ${((Date.now() - since) / 1000).toFixed(1)} s after the receiver was back`,
    );
    const expected = [
      'opt_out_notification {"list_type":"OPT_OUT_ALL"}',
      'opt_in_notification {"list_type":"OPT_OUT_ALL"}',
      'opt_out_notification {"list_type":"OPT_OUT_MARKETING"}',
      'opt_in_notification {"list_type":"OPT_OUT_MARKETING"}',
    ];
    for (const identity of people) expect(told(identity)).toEqual(expected);
    const inbounds = receiver.requests.map(toCallback).filter(({ kind }) => kind === 'message');
    expect(inbounds).toHaveLength(CONTACTS * WORDS.length);
    const deliveries = receiver.requests.map(({ headers }) => headers['optledger-delivery-id']);
    expect(new Set(deliveries).size).toBe(deliveries.length);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGatewayApp, GATEWAY_SECRET } from '../support/stand-ins/gateway-app.js';
import { startGateway, type Gateway } from '../support/stand-ins/gateway.js';
import { newDataDir, ON_ROLES, startInstance, type Instance } from '../support/instance/instance.js';
import { startLoad, type Acknowledged } from '../support/load.js';
import { nothingOwed } from '../support/metrics.js';
import { processesOf } from '../support/instance/processes.js';
import type { ServerProcess } from '../support/stand-ins/server-process.js';
import { phone, registerWebhook, toCallback } from '../support/story.js';
import { waitFor } from '../support/wait-for.js';
import { startWebhookReceiverProcess } from '../support/stand-ins/webhook-receiver.js';

// kill -9 of the whole process under load, again and again on the same data: nothing that was acknowledged is lost,
// nothing is handed over twice, no process stays behind.

/** Two of each kind of end, whatever the topology; the long form repeats them. */
const ROUNDS = process.env['OPTLEDGER_LONG'] === '1' ? 20 : 4;

const dataDir = newDataDir();
const acknowledged: Acknowledged = { inbound: [], sends: [] };
let gateway: Gateway;
let receiver: ServerProcess;
let instance: Instance;
let gatewayApp = '';

/** Half of the rounds end the group, half our process alone: either way nothing is left. On roles all end at once. */
async function killedRound(round: number): Promise<void> {
  const load = startLoad(instance, {
    apps: [instance.appId, gatewayApp],
    prefix: `4670${String(round).padStart(2, '0')}`,
    connections: 16,
  });
  // Each round ends it at another moment.
  const sends = 40 + ((round * 37) % 60);
  await waitFor('some load', () => load.acknowledged.sends.length > sends, 60_000);
  if (ON_ROLES) await instance.kill();
  else process.kill(round % 2 === 0 ? -instance.pid : instance.pid, 'SIGKILL');
  await load.stop();
  acknowledged.inbound.push(...load.acknowledged.inbound);
  acknowledged.sends.push(...load.acknowledged.sends);
  // The engines of roles go on; what was killed has been waited for.
  if (!ON_ROLES) await waitFor('no process is left', () => processesOf(dataDir).length === 0, 10_000);
  instance = await startInstance({ dataDir, detached: true });
}

beforeAll(async () => {
  gateway = await startGateway();
  receiver = await startWebhookReceiverProcess();
  instance = await startInstance({ dataDir, detached: true });
  gatewayApp = await createGatewayApp(instance, gateway);
  await registerWebhook(instance, receiver.url);
  await registerWebhook(instance, receiver.url, { app_id: gatewayApp });
});

afterAll(async () => {
  await instance.stop();
  await Promise.all([gateway.stop(), receiver.stop()]);
});

describe('kill -9 under load', () => {
  it('leaves no process behind and starts again', { timeout: 600_000 }, async () => {
    for (let round = 1; round <= ROUNDS; round += 1) await killedRound(round);
    expect(acknowledged.sends.length).toBeGreaterThan(ROUNDS * 40);
  });

  it('ends everything that was owed', { timeout: 300_000 }, async () => {
    await nothingOwed(instance, 280_000);
  });

  it('keeps every acknowledged message', { timeout: 120_000 }, async () => {
    const ids = [...acknowledged.inbound, ...acknowledged.sends].map(({ messageId }) => messageId);
    const missing: string[] = [];
    for (const id of ids) {
      const answer = await instance.call('GET', `/messages/${id}`);
      if (answer.status !== 200) missing.push(id);
    }
    expect(missing).toEqual([]);
  });

  it('hands no message over twice', async () => {
    const simulated = [...(await phone(instance)), ...(await phone(instance, gatewayApp))].map(
      (one) => one.message_id,
    );
    const called = (await gateway.calls(GATEWAY_SECRET)).map((one) => one.messageId);
    expect(simulated.filter((id, n) => simulated.indexOf(id) !== n)).toEqual([]);
    expect(called.filter((id, n) => called.indexOf(id) !== n)).toEqual([]);
    expect(called.length).toBeGreaterThan(0);
  });

  it('tells of every message how it ended', async () => {
    const callbacks = (await receiver.requests()).map(toCallback);
    const told = new Set(
      callbacks.flatMap(({ kind, payload }) => (kind === 'message' ? [String(payload['id'])] : [])),
    );
    expect(acknowledged.inbound.filter(({ messageId }) => !told.has(messageId))).toEqual([]);

    const ends = new Map<string, string>();
    for (const { kind, payload } of callbacks) {
      if (kind !== 'message_delivery_report') continue;
      const reason = (payload['reason'] as { code: string } | undefined)?.code ?? '';
      ends.set(String(payload['message_id']), `${String(payload['status'])} ${reason}`.trim());
    }
    expect(acknowledged.sends.filter(({ messageId }) => !ends.has(messageId))).toEqual([]);
    const counts = Object.fromEntries(
      [...new Set(ends.values())].map((end) => [end, [...ends.values()].filter((one) => one === end).length]),
    );
    console.log(
      `${String(ROUNDS)} kills, ${String(acknowledged.inbound.length)} inbound and ${String(acknowledged.sends.length)} sends acknowledged; ends: ${JSON.stringify(counts)}`,
    );
    expect(Object.keys(counts).filter((end) => end.startsWith('FAILED'))).toSatisfy((failed: string[]) =>
      failed.every((end) => end === 'FAILED DELIVERY_TIMED_OUT'),
    );
  });
});

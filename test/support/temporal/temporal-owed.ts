import { expect } from 'vitest';
import { atOnce } from '../at-once.js';
import { createGatewayApp, GATEWAY_SECRET } from '../stand-ins/gateway-app.js';
import { startGateway, type Gateway } from '../stand-ins/gateway.js';
import { startInstance, type Instance, type PolicyChanges } from '../instance/instance.js';
import { metric, nothingOwed } from '../metrics.js';
import type { ServerProcess } from '../stand-ins/server-process.js';
import { inbound, registerWebhook, send, toCallback } from '../story.js';
import { waitFor } from '../wait-for.js';
import { startWebhookReceiverProcess } from '../stand-ins/webhook-receiver.js';

const LONG = process.env['OPTLEDGER_LONG'] === '1';

/** What an instance owes at the end of `oweMuch`: more callbacks than a batch holds. */
export const CALLBACKS = LONG ? 500 : 300;
export const MESSAGES = LONG ? 200 : 100;

/** An instance whose receiver and gateway answer 503 until `recover`. */
export interface OwingWorld {
  readonly instance: Instance;
  readonly receiver: ServerProcess;
  readonly gateway: Gateway;
  /** A fresh process on the same data. */
  startAgain(): Promise<void>;
  recover(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Takes messages in and accepts sends, all of which wait: for the receiver, and for the gateway.
 * @param policy times of the instance that differ from the product's, until it is started again
 */
export async function oweMuch(prefix: string, policy: PolicyChanges = {}): Promise<OwingWorld> {
  const [receiver, gateway] = await Promise.all([startWebhookReceiverProcess(), startGateway()]);
  await Promise.all([receiver.script({ status: 503 }), gateway.script({ status: 503 })]);
  let instance = await startInstance({ policy });
  const appId = await createGatewayApp(instance, gateway);
  const id = await registerWebhook(instance, receiver.url, { triggers: ['MESSAGE_INBOUND'] });
  // A receiver that is away for longer is another test's matter.
  const delays = Array.from({ length: 30 }, () => 5);
  expect((await instance.call('PATCH', `/webhooks/${id}/delivery-settings`, { delays })).status).toBe(200);

  const number = (n: number): string => `${prefix}${String(n).padStart(4, '0')}`;
  await atOnce(CALLBACKS + MESSAGES, async (n) => {
    const key = `owed-${prefix}-${String(n)}`;
    // A busy machine may answer 503, which promises nothing: asked again under the same id.
    await waitFor('an acknowledgement', async () => {
      const { status } =
        n < CALLBACKS
          ? await inbound(instance, number(n), 'hello', { messageId: key })
          : await send(instance, number(n), undefined, { app_id: appId }, { 'idempotency-key': key });
      expect([200, 503]).toContain(status);
      return status === 200 || undefined;
    });
  });
  return {
    get instance() {
      return instance;
    },
    receiver,
    gateway,
    startAgain: async () => {
      instance = await startInstance({ dataDir: instance.dataDir });
    },
    recover: async () => {
      await Promise.all([receiver.script({}), gateway.script({})]);
    },
    close: async () => {
      await instance.stop();
      await Promise.all([receiver.stop(), gateway.stop()]);
    },
  };
}

export async function owedBy(instance: Instance): Promise<{ callbacks: number; messages: number }> {
  return {
    callbacks: await metric(instance, 'optledger_owed{lane="callbacks"}'),
    messages: await metric(instance, 'optledger_owed{lane="messages"}'),
  };
}

/**
 * Waits until everything ended, and checks that it did well: every callback was taken, and every message is known to
 * have been handed over once. @returns figures
 */
export async function everythingEnds(
  { instance, receiver, gateway }: OwingWorld,
  since: number,
  limitMs: number,
): Promise<{ seconds: number; repeated: number }> {
  await nothingOwed(instance, limitMs - (Date.now() - since));
  const seconds = (Date.now() - since) / 1000;
  // Taken is what came after the recovery.
  const taken = (await receiver.requests()).filter(({ arrivedAt }) => arrivedAt >= since).map(toCallback);
  const ids = taken.map(({ payload }) => String(payload['id']));
  expect(new Set(ids).size).toBe(CALLBACKS);
  const calls = (await gateway.calls(GATEWAY_SECRET)).filter(({ arrivedAt }) => arrivedAt >= since);
  expect(calls).toHaveLength(MESSAGES);
  expect(new Set(calls.map(({ messageId }) => messageId)).size).toBe(MESSAGES);
  return { seconds, repeated: ids.length - CALLBACKS };
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startInstance, type Instance } from '../support/instance/instance.js';
import { nothingOwed } from '../support/metrics.js';
import type { ServerProcess } from '../support/stand-ins/server-process.js';
import { inbound, listed, phone, registerWebhook, toCallback } from '../support/story.js';
import { startWebhookReceiverProcess } from '../support/stand-ins/webhook-receiver.js';

// Providers deliver again, at once, much later, and several times together.

let instance: Instance;
let receiver: ServerProcess;

const audit = async (identity: string): Promise<unknown[]> => {
  const answer = await instance.call<{ audit_records: unknown[] }>(
    'GET',
    `/apps/demo/consents/identities/${identity}`,
  );
  return answer.body.audit_records;
};
/** webhook-ids by payload key, for one phone. */
async function told(identity: string): Promise<Record<string, string[]>> {
  const ids: Record<string, string[]> = {};
  for (const { kind, raw } of (await receiver.requests()).map(toCallback)) {
    if (raw.body.includes(`"${identity}"`)) (ids[kind] ??= []).push(raw.headers['webhook-id'] ?? '');
  }
  return ids;
}

beforeAll(async () => {
  receiver = await startWebhookReceiverProcess();
  instance = await startInstance({ temporal: 'shared' });
  await registerWebhook(instance, receiver.url, { triggers: ['MESSAGE_INBOUND', 'OPT_IN', 'OPT_OUT'] });
});

afterAll(async () => {
  await instance.stop();
  await receiver.stop();
});

describe('the same provider message', () => {
  it.each([
    ['three times in a row', false],
    ['three times at once', true],
  ])('%s: one set of events, one reply, one callback of each kind', async (_how, together) => {
    const identity = together ? '46700000011' : '46700000012';
    const deliver = () => inbound(instance, identity, 'STOP', { messageId: `again-${identity}` });
    const answers = together
      ? await Promise.all([deliver(), deliver(), deliver()])
      : [await deliver(), await deliver(), await deliver()];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(answers.map(({ body }) => `${body.message_id} ${body.event_id}`)).size).toBe(1);
    expect(answers.filter(({ body }) => body.duplicate)).toHaveLength(2);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body.matched))).size).toBe(1);

    await nothingOwed(instance, 30_000);
    expect(await audit(identity)).toHaveLength(1);
    expect((await phone(instance)).filter((one) => one.identity === identity)).toHaveLength(1);
    const ids = await told(identity);
    expect(Object.keys(ids).toSorted()).toEqual(['message', 'opt_out_notification']);
    for (const kind of Object.values(ids)) expect(kind).toHaveLength(1);
  });

  it('also after a restart', { timeout: 120_000 }, async () => {
    const identity = '46700000013';
    const first = await inbound(instance, identity, 'STOP', { messageId: 'before-and-after' });
    await nothingOwed(instance, 30_000);
    await instance.stop();
    instance = await startInstance({ temporal: 'shared', dataDir: instance.dataDir });
    const again = await inbound(instance, identity, 'STOP', { messageId: 'before-and-after' });
    expect(again.body).toEqual({ ...first.body, duplicate: true });
    await nothingOwed(instance, 30_000);
    expect(await audit(identity)).toHaveLength(1);
    expect((await phone(instance)).filter((one) => one.identity === identity)).toHaveLength(1);
    expect(Object.values(await told(identity)).map((ids) => ids.length)).toEqual([1, 1]);
  });
});

describe('the same provider id with another text', () => {
  it('is a new message, and its STOP counts', async () => {
    const identity = '46700000014';
    const hello = await inbound(instance, identity, 'hello', { messageId: 'counter-1' });
    const stop = await inbound(instance, identity, 'STOP', { messageId: 'counter-1' });
    expect([hello.body.duplicate, stop.body.duplicate]).toEqual([false, false]);
    expect(stop.body.message_id).not.toBe(hello.body.message_id);
    expect(await listed(instance, 'OPT_OUT_ALL')).toContain(identity);
  });
});

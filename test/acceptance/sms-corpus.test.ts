import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ON_ROLES, startInstance, type Instance } from '../support/instance/instance.js';
import { nothingOwed } from '../support/metrics.js';
import type { ServerProcess } from '../support/stand-ins/server-process.js';
import { inbound, listed, phone, registerWebhook, toCallback } from '../support/story.js';
import { startWebhookReceiverProcess } from '../support/stand-ins/webhook-receiver.js';

// Real messages, none of which is a keyword as a whole: they change no list, and nothing is lost or told twice.

const texts = readFileSync(resolve(import.meta.dirname, '../fixtures/sms-spam-collection.tsv'), 'utf8')
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line) => line.slice(line.indexOf('\t') + 1));

let instance: Instance;
let receiver: ServerProcess;
const acknowledged: string[] = [];
let seconds = 0;

async function sendAll(): Promise<void> {
  const queue = texts.entries();
  const worker = async (): Promise<void> => {
    for (const [n, text] of queue) {
      const answer = await inbound(instance, `4673${String(n).padStart(7, '0')}`, text, {
        messageId: `sms-${String(n)}`,
      });
      expect(answer.status).toBe(200);
      expect(answer.body.matched).toBeNull();
      acknowledged.push(answer.body.message_id);
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: 32 }, worker));
  seconds = (performance.now() - began) / 1000;
}

beforeAll(
  async () => {
    receiver = await startWebhookReceiverProcess();
    instance = await startInstance({ temporal: 'shared' });
    await registerWebhook(instance, receiver.url);
    await sendAll();
    await nothingOwed(instance, ON_ROLES ? 400_000 : 120_000);
  },
  ON_ROLES ? 800_000 : 240_000,
);

afterAll(async () => {
  await instance.stop();
  await receiver.stop();
});

describe('5,574 real messages', () => {
  it('are all acknowledged, each as a message of its own', () => {
    expect(texts).toHaveLength(5_574);
    expect(new Set(acknowledged).size).toBe(5_574);
    console.log(`${String(texts.length)} messages, ${(texts.length / seconds).toFixed(0)}/s acknowledged`);
  });

  it('change no list and get no reply', async () => {
    for (const list of ['OPT_OUT_ALL', 'OPT_OUT_MARKETING', 'OPT_OUT_NOTIFICATION']) {
      expect(await listed(instance, list)).toEqual([]);
    }
    expect(await phone(instance)).toEqual([]);
  });

  it('reach the webhook, each once, word for word', async () => {
    const callbacks = (await receiver.requests()).map(toCallback);
    expect(callbacks.filter(({ kind }) => kind !== 'message')).toEqual([]);
    expect(callbacks).toHaveLength(5_574);
    expect(new Set(callbacks.map(({ raw }) => raw.headers['webhook-id'])).size).toBe(5_574);
    expect(new Set(callbacks.map(({ payload }) => payload['id']))).toEqual(new Set(acknowledged));
    const told = callbacks.map(({ payload }) => {
      const content = payload['contact_message'] as { text_message: { text: string } };
      return content.text_message.text;
    });
    expect(told.toSorted()).toEqual(texts.toSorted());
  });
});

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../support/cli-process.js';
import { newDataDir, startInstance, type Instance } from '../support/instance.js';
import { startFakeKurrent, type FakeKurrent } from '../support/kurrent/fake-server.js';
import { startLoad } from '../support/load.js';
import { nothingOwed } from '../support/metrics.js';
import { inbound, listed, phone, registerWebhook, send, toCallback } from '../support/story.js';
import { waitFor } from '../support/wait-for.js';
import { startWebhookReceiver } from '../support/webhook-receiver.js';

// The whole product with its ledger on a server, which is cut off, stands still and restarts under load.

const PERSON = '46700000001';
const PASSWORD = 'pass-of-the-ledger';
const dataDir = newDataDir();

let server: FakeKurrent;
let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>;
let instance: Instance;

const start = (): Promise<Instance> =>
  startInstance({
    dataDir,
    environment: { LEDGER_URL: server.url.replace('esdb://', `esdb://ann:${PASSWORD}@`) },
  });
const kinds = (): string[] => receiver.requests.map((raw) => toCallback(raw).kind);

beforeAll(async () => {
  server = await startFakeKurrent();
  receiver = await startWebhookReceiver();
  instance = await start();
  await registerWebhook(instance, receiver.url);
});
afterAll(async () => {
  server.thaw();
  await instance.stop();
  await Promise.all([receiver.close(), server.stop()]);
});

describe('with its ledger on a server', () => {
  it('a STOP changes the list, gets its reply, reaches the webhook and blocks', async () => {
    await inbound(instance, PERSON, 'STOP');
    expect(await listed(instance, 'OPT_OUT_ALL')).toEqual([PERSON]);
    await waitFor('the reply', async () => (await phone(instance)).length === 1 || undefined);
    const { body } = await send(instance, PERSON, 'CONTENT_MARKETING');
    await waitFor('the blocked message', () =>
      receiver.requests
        .map(toCallback)
        .find(
          ({ kind, payload }) =>
            kind === 'message_delivery_report' && payload['message_id'] === body.message_id,
        ),
    );
    expect(kinds()).toContain('opt_out_notification');
    expect(await phone(instance)).toHaveLength(1);
  });

  it('a redelivery is a duplicate, also after a restart', async () => {
    const again = () => inbound(instance, PERSON, 'hello', { messageId: 'repeated' });
    expect((await again()).body.duplicate).toBe(false);
    await inbound(instance, PERSON, 'something later');
    expect((await again()).body.duplicate).toBe(true);
    await instance.kill();
    instance = await start();
    expect((await again()).body.duplicate).toBe(true);
  });

  it(
    'loses and doubles nothing while the server is cut off, stands still and restarts',
    { timeout: 120_000 },
    async () => {
      const load = startLoad(instance, { apps: [instance.appId], prefix: '46701', connections: 8 });
      const acknowledged = (more: number): Promise<unknown> => {
        const before = load.acknowledged.sends.length;
        return waitFor('more', () => load.acknowledged.sends.length > before + more || undefined, 30_000);
      };
      await acknowledged(20);
      server.cutSubscriptions();
      await acknowledged(20);
      server.freeze();
      await waitFor(
        'a refusal',
        async () => (await inbound(instance, PERSON, 'x')).status === 503 || undefined,
        30_000,
      );
      server.thaw();
      await acknowledged(20);
      await server.stop();
      await server.start();
      await acknowledged(20);
      await load.stop();
      await nothingOwed(instance, 60_000);
      const missing = [];
      for (const { messageId } of [...load.acknowledged.inbound, ...load.acknowledged.sends]) {
        if ((await instance.call('GET', `/messages/${messageId}`)).status !== 200) missing.push(messageId);
      }
      expect(missing).toEqual([]);
      const handedOver = (await phone(instance)).map((one) => one.message_id);
      expect(new Set(handedOver).size).toBe(handedOver.length);
    },
  );

  it('folds its views anew from the server', { timeout: 60_000 }, async () => {
    const before = await listed(instance, 'OPT_OUT_MARKETING');
    await instance.stop();
    for (const end of ['', '-wal', '-shm']) rmSync(join(dataDir, `views.db${end}`), { force: true });
    instance = await start();
    expect(await listed(instance, 'OPT_OUT_MARKETING')).toEqual(before);
  });

  it('moves to a file, and sends nothing again from there', { timeout: 90_000 }, async () => {
    await nothingOwed(instance, 60_000);
    const before = await Promise.all(
      ['OPT_OUT_ALL', 'OPT_OUT_MARKETING'].map((list) => listed(instance, list)),
    );
    const [calls, messages] = [receiver.requests.length, (await phone(instance)).length];
    await instance.stop();
    const file = join(dataDir, 'moved.db');
    const copied = await runCli(dataDir, ['copy', '--json', '--from', server.url, '--to', `sqlite:${file}`]);
    expect(copied).toMatchObject({ code: 0 });
    expect((JSON.parse(copied.stdout) as { events: number }).events).toBeGreaterThan(100);
    instance = await startInstance({ dataDir, environment: { LEDGER_URL: `sqlite:${file}` } });
    expect(
      await Promise.all(['OPT_OUT_ALL', 'OPT_OUT_MARKETING'].map((list) => listed(instance, list))),
    ).toEqual(before);
    await nothingOwed(instance, 10_000);
    expect([receiver.requests.length, (await phone(instance)).length]).toEqual([calls, messages]);
    const locked = await runCli(dataDir, ['copy', '--from', `sqlite:${file}`, '--to', server.url]);
    expect(locked.code).toBe(1);
    expect(locked.stderr).toContain('another process uses this ledger');
  });

  it('shows the password nowhere', () => {
    expect(instance.output()).not.toContain(PASSWORD);
  });
});

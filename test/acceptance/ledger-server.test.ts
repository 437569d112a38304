import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from '../support/cli/cli-process.js';
import { inOneProcess } from '../support/instance/in-one-process.js';
import { newDataDir, startInstance, type Instance } from '../support/instance/instance.js';
import { startFakeKurrent, type FakeKurrent } from '../support/kurrent/fake-server.js';
import { startLoad } from '../support/load.js';
import { nothingOwed } from '../support/metrics.js';
import { inbound, listed, phone, registerWebhook, send, toCallback } from '../support/story.js';
import { waitFor } from '../support/wait-for.js';
import { startWebhookReceiver } from '../support/stand-ins/webhook-receiver.js';

const describe = inOneProcess('it is about one process on a ledger server');

// The whole product with its ledger on a server, which is cut off, stands still and restarts under load.

const PERSON = '46700000001';
const PASSWORD = 'pass-of-the-ledger';
const dataDir = newDataDir();

let server: FakeKurrent;
let other: FakeKurrent;
/** Where its ledger was moved to last. */
let moved = '';
let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>;
let instance: Instance;

const start = (): Promise<Instance> =>
  startInstance({
    dataDir,
    environment: { LEDGER_URL: server.url.replace('esdb://', `esdb://ann:${PASSWORD}@`) },
  });
const lists = () => Promise.all(['OPT_OUT_ALL', 'OPT_OUT_MARKETING'].map((list) => listed(instance, list)));
async function tokenOf(): Promise<string> {
  const { body } = await instance.call<{ next_page_token: string }>('GET', '/messages?page_size=1');
  return body.next_page_token;
}
const kinds = (): string[] => receiver.requests.map((raw) => toCallback(raw).kind);

beforeAll(async () => {
  server = await startFakeKurrent();
  other = await startFakeKurrent();
  receiver = await startWebhookReceiver();
  instance = await start();
  await registerWebhook(instance, receiver.url);
});
afterAll(async () => {
  server.thaw();
  await instance.stop();
  await Promise.all([receiver.close(), server.stop(), other.stop()]);
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

  it.each(['a file', 'another server'])(
    'moves to %s, sends nothing again from there, and refuses the page tokens of before',
    { timeout: 120_000 },
    async (kind) => {
      await nothingOwed(instance, 60_000);
      const from = kind === 'a file' ? server.url : moved;
      const to = kind === 'a file' ? `sqlite:${join(dataDir, 'moved.db')}` : other.url;
      const before = await lists();
      const token = await tokenOf();
      const [calls, messages] = [receiver.requests.length, (await phone(instance)).length];
      await instance.stop();
      const copied = await runCli(dataDir, ['copy', '--json', '--from', from, '--to', to]);
      expect(copied).toMatchObject({ code: 0 });
      expect((JSON.parse(copied.stdout) as { events: number }).events).toBeGreaterThan(100);
      moved = to;
      instance = await startInstance({ dataDir, environment: { LEDGER_URL: to } });
      expect(instance.output()).toContain('Views: folding the ledger anew');
      expect(await lists()).toEqual(before);
      await nothingOwed(instance, 10_000);
      expect([receiver.requests.length, (await phone(instance)).length]).toEqual([calls, messages]);
      const old = await instance.call('GET', `/messages?page_size=1&page_token=${token}`);
      expect(old).toMatchObject({ status: 400, body: { error: { status: 'INVALID_ARGUMENT' } } });
      expect(JSON.stringify(old.body)).toContain('page_token');
      const page = `/messages?page_size=1&page_token=${await tokenOf()}`;
      expect((await instance.call('GET', page)).status).toBe(200);
    },
  );

  it('is not copied from a file that it holds, nor into what is no empty ledger', async () => {
    const file = `sqlite:${join(dataDir, 'moved.db')}`;
    await instance.stop();
    instance = await startInstance({ dataDir, environment: { LEDGER_URL: file } });
    const locked = await runCli(dataDir, ['copy', '--from', file, '--to', server.url]);
    expect([locked.code, locked.stderr]).toEqual([
      1,
      expect.stringContaining('another process uses this ledger'),
    ]);
    const full = await runCli(dataDir, ['copy', '--from', other.url, '--to', server.url]);
    expect([full.code, full.stderr]).toEqual([1, expect.stringContaining('the target holds events already')]);
    const nothing = join(dataDir, 'nothing.db');
    const none = await runCli(dataDir, ['copy', '--from', `sqlite:${nothing}`, '--to', server.url]);
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('there is no ledger at')]);
    expect(existsSync(nothing)).toBe(false);
  });

  it('shows the password nowhere', () => {
    expect(instance.output()).not.toContain(PASSWORD);
  });
});

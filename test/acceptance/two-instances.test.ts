import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { freePorts } from '../../bin/machine/free-ports.js';
import { startTemporalServer, type TemporalServer } from '../../bin/temporal/temporal-server.js';
import { runStart } from '../support/cli/cli-process.js';
import { inOneProcess } from '../support/instance/in-one-process.js';
import { newDataDir, startInstance, type Instance } from '../support/instance/instance.js';
import { nothingOwed } from '../support/metrics.js';
import { processesOf } from '../support/instance/processes.js';
import type { ScriptedServer } from '../support/stand-ins/scripted-server.js';
import {
  inbound,
  listed,
  phone,
  registerWebhook,
  send,
  toCallback,
  type Callback,
} from '../support/story.js';
import { connectTemporal } from '../support/temporal/temporal-client.js';
import { waitFor } from '../support/wait-for.js';
import { startWebhookReceiver } from '../support/stand-ins/webhook-receiver.js';

const describe = inOneProcess('every process has a file of its own here');

// Two instances each with a Temporal of its own, and two that share one, all on one machine at the same time.

const STOP_MS = 10_000;
/** Writes to all of them, and says STOP to some. */
const COMMON = '46755000099';

interface House {
  readonly name: string;
  readonly person: string;
  readonly dataDir: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly stopsCommon: boolean;
  instance: Instance;
  receiver: ScriptedServer;
}

let shared: TemporalServer;
const houses: House[] = [];

async function openHouse(n: number, port: number): Promise<House> {
  const address = n < 2 ? {} : { TEMPORAL_ADDRESS: shared.address };
  const environment = { PORT: String(port), ...address };
  const dataDir = newDataDir();
  const [instance, receiver] = await Promise.all([
    startInstance({ dataDir, environment }),
    startWebhookReceiver(),
  ]);
  const id = await registerWebhook(instance, `${receiver.url}/hook`);
  await instance.call('PATCH', `/webhooks/${id}/delivery-settings`, { delays: [1, 1, 1, 2, 2, 2, 5, 5] });
  return {
    ...{ name: n < 2 ? `own Temporal ${String(n)}` : `shared Temporal ${String(n)}`, dataDir, environment },
    ...{ person: `4675500000${String(n)}`, stopsCommon: n % 2 === 0, instance, receiver },
  };
}

const callbacks = ({ receiver }: House): Callback[] => receiver.requests.map(toCallback);
const eachHouse = <T>(work: (house: House) => Promise<T>): Promise<T[]> => Promise.all(houses.map(work));
/** Sends marketing to somebody. @returns the callback that tells how it ended */
async function sendMarketing(house: House, identity: string): Promise<Callback> {
  const sent = await send(house.instance, identity, 'CONTENT_MARKETING');
  expect([house.name, sent.status]).toEqual([house.name, 200]);
  const ends = ({ kind, payload }: Callback): boolean =>
    kind === 'message_delivery_report' &&
    payload['message_id'] === sent.body.message_id &&
    payload['status'] !== 'QUEUED_ON_CHANNEL';
  return waitFor(`${house.name}: how it ended`, () => callbacks(house).find(ends), 30_000);
}

beforeAll(async () => {
  const dbFile = join(newDataDir(), 'temporal.db');
  shared = await startTemporalServer({ executable: inject('temporalExecutable'), dbFile });
  const ports = await freePorts(4, '127.0.0.1');
  houses.push(...(await Promise.all(ports.map((port, n) => openHouse(n, port)))));
}, 120_000);
afterAll(async () => {
  await eachHouse(({ instance, receiver }) => Promise.all([instance.stop(), receiver.close()]));
  await shared.stop();
});

describe('instances side by side', () => {
  it('are where they were told to be', () => {
    for (const { instance, environment } of houses) {
      expect(instance.url).toBe(`http://127.0.0.1:${environment['PORT'] ?? ''}`);
    }
    expect(new Set(houses.map(({ instance }) => instance.keyId)).size).toBe(houses.length);
  });

  it('each play the whole story', async () => {
    await eachHouse(async (house) => {
      const { instance, person } = house;
      expect((await inbound(instance, person, 'STOP', { messageId: 'one' })).status).toBe(200);
      expect(await listed(instance, 'OPT_OUT_ALL')).toEqual([person]);
      const { payload } = await sendMarketing(house, person);
      expect(payload).toMatchObject({ status: 'FAILED', reason: { code: 'RECIPIENT_NOT_OPTED_IN' } });
      await nothingOwed(instance, 30_000);
      expect((await phone(instance)).map(({ identity, kind }) => [identity, kind])).toEqual([
        [person, 'REPLY'],
      ]);
      expect(callbacks(house).find(({ kind }) => kind === 'opt_out_notification')?.payload).toMatchObject({
        identity: person,
        status: 'OPT_OUT_SUCCEEDED',
      });
    });
  });

  it('do not share what the same person said', async () => {
    await eachHouse(async (house) => {
      const { instance, person, stopsCommon } = house;
      await inbound(instance, COMMON, stopsCommon ? 'STOP' : 'hello', { messageId: 'two' });
      const { payload } = await sendMarketing(house, COMMON);
      expect([house.name, payload['status']]).toEqual([house.name, stopsCommon ? 'FAILED' : 'DELIVERED']);
      expect(await listed(instance, 'OPT_OUT_ALL')).toEqual(stopsCommon ? [person, COMMON] : [person]);
      await nothingOwed(instance, 30_000);
    });
  });

  it('see nothing of each other', async () => {
    for (const house of houses) {
      const own = new Set([house.person, COMMON]);
      expect((await phone(house.instance)).filter(({ identity }) => !own.has(identity))).toEqual([]);
      const others = houses.filter((other) => other !== house).map(({ person }) => person);
      for (const { body } of house.receiver.requests) {
        expect(others.filter((person) => body.includes(person))).toEqual([]);
      }
      const ids = house.receiver.requests.map(({ headers }) => headers['optledger-delivery-id']);
      expect(new Set(ids).size).toBe(ids.length);
    }
    const [first, second] = houses;
    const foreign = { authorization: `Basic ${btoa(`${second?.instance.keyId ?? ''}:x`)}` };
    expect((await first?.instance.call('GET', '/apps', undefined, foreign))?.status).toBe(401);
  });

  it('have workflows and task queues of their own in a Temporal that they share', async () => {
    const temporal = await connectTemporal(shared.address);
    const ledgers = Map.groupBy(await temporal.list(''), ({ workflowId }) => workflowId.split(':')[0] ?? '');
    await temporal.close();
    expect(ledgers.size).toBe(2);
    for (const [ledger, workflows] of ledgers) {
      expect(workflows.length).toBeGreaterThan(3);
      expect(workflows.filter(({ taskQueue }) => !taskQueue.startsWith(`${ledger}-`))).toEqual([]);
    }
  });
});

describe('a second start', () => {
  it('on the data of one that runs is refused, and does no harm', async () => {
    for (const { instance, dataDir } of [houses[0], houses[2]].flatMap((house) => house ?? [])) {
      const { code, stderr } = await runStart(dataDir);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^✗ another process uses this ledger .*DATA_DIR$/m);
      expect((await instance.call('GET', '/health/ready')).body).toEqual({ status: 'ready', missing: [] });
      expect((await inbound(instance, COMMON, 'still there?')).status).toBe(200);
    }
  });

  it('at a port that is taken is refused, and leaves nothing running', async () => {
    const dataDir = newDataDir();
    const port = houses[0]?.environment['PORT'] ?? '';
    const { code, stderr } = await runStart(dataDir, { PORT: port });
    expect(code).toBe(1);
    expect(stderr).toContain(port);
    expect(processesOf(dataDir)).toEqual([]);
  });
});

describe('a stop and a start on the same data', () => {
  it('end within 10 s by SIGTERM and by Ctrl-C, with work under way', async () => {
    await eachHouse(async ({ instance, receiver, person }) => {
      receiver.script({ status: 503 });
      await inbound(instance, person, 'hello', { messageId: 'three' });
    });
    const seconds = await eachHouse(async ({ instance, dataDir, stopsCommon }) => {
      const since = Date.now();
      if (stopsCommon) process.kill(instance.pid, 'SIGINT');
      else expect(await instance.stop()).toBe(0);
      await waitFor('nothing is left of it', () => processesOf(dataDir).length === 0, STOP_MS);
      expect(await instance.stop()).toBe(0);
      expect(Date.now() - since).toBeLessThan(STOP_MS);
      return (Date.now() - since) / 1000;
    });
    console.log(`stopped within ${seconds.map((one) => one.toFixed(1)).join(', ')} s`);
  });

  it('go on where they were', { timeout: 120_000 }, async () => {
    await eachHouse(async (house) => {
      const { dataDir, environment, receiver, person, stopsCommon } = house;
      const before = house.instance;
      const told = receiver.requests.length;
      receiver.script({});
      house.instance = await startInstance({ dataDir, environment });
      const { instance } = house;
      expect([instance.url, instance.keyId, instance.keySecret]).toEqual([
        ...[before.url, before.keyId, before.keySecret],
      ]);
      await nothingOwed(instance, 60_000);
      const late = receiver.requests.slice(told).map(toCallback);
      expect(late.map(({ kind, payload }) => [kind, payload['channel_identity']])).toEqual([
        ['message', expect.objectContaining({ identity: person })],
      ]);
      expect(await listed(instance, 'OPT_OUT_ALL')).toEqual(stopsCommon ? [person, COMMON] : [person]);
      expect((await inbound(instance, person, 'STOP', { messageId: 'one' })).body.duplicate).toBe(true);
      expect((await sendMarketing(house, person)).payload['status']).toBe('FAILED');
    });
  });
});

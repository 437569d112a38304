import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '../../bin/machine/free-ports.js';
import {
  newDataDir,
  reachedAt,
  startOnRoles,
  type Instance,
  type InstanceOnRoles,
} from '../support/instance/instance.js';
import { metric } from '../support/metrics.js';
import type { ServerProcess } from '../support/stand-ins/server-process.js';
import { inbound, phone, registerWebhook, send, toCallback, type Callback } from '../support/story.js';
import { roleProcess, type RoleProcess } from '../support/topology/role-process.js';
import { waitFor } from '../support/wait-for.js';
import { startWebhookReceiverProcess } from '../support/stand-ins/webhook-receiver.js';

// Two API processes, two reactors and two workers over one ledger server and one Temporal. The whole suite on them is
// `npm run test:roles`; here is what only many processes can get wrong.

const ROLES = ['api', 'reactor', 'worker'] as const;
/** Design §6: the first new hand-over after the death of the leader. */
const TAKE_OVER_MS = 15_000;
const PATIENCE_MS = 60_000;

let instance: InstanceOnRoles;
let receiver: ServerProcess;
let viaApi: readonly Instance[];

const callback = (kind: string, where: (one: Callback) => boolean = () => true): Promise<Callback> =>
  waitFor(
    `callback ${kind}`,
    async () => (await receiver.requests()).map(toCallback).find((one) => one.kind === kind && where(one)),
    PATIENCE_MS,
  );
const reportOf = (messageId: string, status: string): Promise<Callback> =>
  callback(
    'message_delivery_report',
    ({ payload }) => payload['message_id'] === messageId && payload['status'] === status,
  );

beforeAll(async () => {
  receiver = await startWebhookReceiverProcess();
  instance = await startOnRoles(newDataDir());
  viaApi = instance.topology.of('api').map(({ url }) => reachedAt(instance, url));
  await registerWebhook(instance, receiver.url);
}, 180_000);
afterAll(async () => {
  expect(await instance.stop()).toBe(0);
  await receiver.stop();
});

describe('one STOP', () => {
  const PERSON = '46700000001';

  it('is answered and told, whoever took it in', { timeout: 120_000 }, async () => {
    for (const [n, api] of viaApi.entries()) {
      const answer = await inbound(api, `${PERSON}${String(n)}`, 'STOP');
      expect(answer.body.matched).toMatchObject({ list_type: 'OPT_OUT_ALL', direction: 'OPT_OUT' });
      await callback(
        'opt_out_notification',
        ({ payload }) => payload['identity'] === `${PERSON}${String(n)}`,
      );
    }
    const replies = await waitFor(
      'both replies',
      async () => {
        const seen = (await phone(instance)).filter(({ kind }) => kind === 'REPLY');
        return seen.length === viaApi.length && seen;
      },
      PATIENCE_MS,
    );
    expect(replies.map(({ identity }) => identity).toSorted()).toEqual([`${PERSON}0`, `${PERSON}1`]);
  });

  it('acknowledged by one API process blocks what another one accepts', { timeout: 120_000 }, async () => {
    for (const [n, [to, from]] of [
      [0, 1],
      [1, 0],
    ].entries()) {
      const person = `46700100${String(n)}`;
      const [takesIn, accepts] = [viaApi[to ?? 0], viaApi[from ?? 0]];
      if (takesIn === undefined || accepts === undefined) throw new Error('two API processes are meant');
      expect((await inbound(takesIn, person, 'STOP MARKETING')).status).toBe(200);
      const blocked = await send(accepts, person, 'CONTENT_MARKETING');
      const allowed = await send(accepts, person, 'CONTENT_NOTIFICATION');
      expect([blocked.status, allowed.status]).toEqual([200, 200]);
      const { payload } = await reportOf(blocked.body.message_id, 'FAILED');
      expect(payload['reason']).toMatchObject({ code: 'RECIPIENT_NOT_OPTED_IN' });
      await reportOf(allowed.body.message_id, 'DELIVERED');
    }
  });
});

describe('each process', () => {
  it('says that it is ready', async () => {
    for (const { name, url } of instance.topology.processes) {
      const answer = await fetch(`${url}/health/ready`);
      expect([name, answer.status, await answer.json()]).toEqual([
        name,
        200,
        { status: 'ready', missing: [] },
      ]);
    }
  });

  it('has one leader among the reactors', async () => {
    const reactors = instance.topology.of('reactor');
    const leading = await Promise.all(reactors.map((one) => metric(one, 'optledger_reactor_leading')));
    expect(leading.toSorted()).toEqual([0, 1]);
  });
});

describe('a process that must not start', () => {
  /** Runs it to its end. @returns its exit code and what it wrote */
  async function refused(process: RoleProcess): Promise<{ code: number | null; said: string }> {
    await expect(process.start()).rejects.toThrow(`${process.name} ended`);
    return { code: await process.stop(), said: process.output() };
  }

  it('says what it lacks', { timeout: 120_000 }, async () => {
    const ended = await Promise.all(
      ROLES.map((role) =>
        refused(roleProcess({ role, name: `lone ${role}`, dataDir: newDataDir(), port: 0, environment: {} })),
      ),
    );
    for (const { code, said } of ended) {
      expect(code).toBe(1);
      for (const setting of ['LEDGER_URL', 'TEMPORAL_ADDRESS', 'ROOT_KEY']) expect(said).toContain(setting);
    }
  });

  it('says that its root key is another one, and the others go on', { timeout: 180_000 }, async () => {
    const { engines, processes } = instance.topology;
    const keyFile = join(newDataDir(), 'root.key');
    writeFileSync(keyFile, randomBytes(32).toString('base64'), { mode: 0o600 });
    const environment = { ...engines.environment, ROOT_KEY_FILE: keyFile };
    const ports = await freePorts(ROLES.length, '127.0.0.1');
    const ended = await Promise.all(
      ROLES.map((role, n) =>
        refused(
          roleProcess({
            role,
            name: `foreign ${role}`,
            dataDir: newDataDir(),
            port: ports[n] ?? 0,
            environment,
          }),
        ),
      ),
    );
    for (const { code, said } of ended) expect([code, said]).toEqual([1, expect.stringMatching(/root key/i)]);
    for (const { url } of processes) expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    const { body } = await send(instance, '46700200001');
    await reportOf(body.message_id, 'DELIVERED');
  });
});

describe('kill -9 of the leading reactor', () => {
  it('is followed by a hand-over within 15 s', { timeout: 180_000 }, async () => {
    const leader = await waitFor('a leader', () => instance.topology.leader(), PATIENCE_MS);
    await leader.kill();
    const since = Date.now();
    const { body } = await send(instance, '46700300001');
    const handedOver = await waitFor(
      'the hand-over',
      async () => (await phone(instance)).find((one) => one.message_id === body.message_id),
      PATIENCE_MS,
    );
    const took = Date.parse(handedOver.handed_over_at) - since;
    console.log(`${leader.name} killed: a new message was handed over ${(took / 1_000).toFixed(1)} s later`);
    expect(took).toBeLessThanOrEqual(TAKE_OVER_MS);
    expect((await instance.topology.leader())?.name).not.toBe(leader.name);
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inOneProcess } from '../support/instance/in-one-process.js';
import { NOBODY_THERE, startInstance, type Instance } from '../support/instance/instance.js';
import { metric, nothingOwed } from '../support/metrics.js';
import { processesOf } from '../support/instance/processes.js';
import { inbound, phone } from '../support/story.js';
import { waitFor } from '../support/wait-for.js';

interface Ready {
  readonly status: string;
  readonly missing: readonly string[];
}

const ready = async (instance: Instance): Promise<Ready> =>
  (await instance.call('GET', '/health/ready')).body as unknown as Ready;

const optedOut = async (instance: Instance, identity: string): Promise<boolean> => {
  const { body } = await instance.call('GET', `/apps/${instance.appId}/consents/identities/${identity}`);
  return JSON.stringify(body).includes('OPT_OUT_ALL');
};

describe('Temporal stops answering', () => {
  it(
    'degrades by name, takes STOPs in, and does what was owed afterwards',
    { timeout: 120_000 },
    async () => {
      const instance = await startInstance();
      const temporal = Number(readFileSync(join(instance.dataDir, 'temporal.db.pid'), 'utf8'));
      try {
        expect(await ready(instance)).toEqual({ status: 'ready', missing: [] });
        process.kill(temporal, 'SIGSTOP');
        const degraded = await waitFor(
          'degraded',
          async () => {
            const now = await ready(instance);
            return now.status === 'degraded' && now;
          },
          30_000,
        );
        expect(degraded.missing).toContain('temporal');
        expect(await metric(instance, 'optledger_part_running{part="temporal"}')).toBe(0);
        expect(await metric(instance, 'optledger_state{state="degraded"}')).toBe(1);

        expect((await inbound(instance, '46750000001', 'STOP')).status).toBe(200);
        expect(await optedOut(instance, '46750000001')).toBe(true);
        expect(await phone(instance)).toEqual([]);

        process.kill(temporal, 'SIGCONT');
        await waitFor('ready again', async () => (await ready(instance)).status === 'ready', 30_000);
        await nothingOwed(instance, 60_000);
        expect((await phone(instance)).map(({ identity }) => identity)).toEqual(['46750000001']);
      } finally {
        process.kill(temporal, 'SIGCONT');
        await instance.stop();
      }
    },
  );
});

inOneProcess('a full disk ends the one process whose file it holds')('the disk is full', () => {
  it(
    'ends and says so with nothing acknowledged lost; a start with space goes on',
    { timeout: 120_000 },
    async () => {
      // Temporal would run into the same limit; taking messages in never depends on it.
      const environment = { TEMPORAL_ADDRESS: '127.0.0.1:1' };
      const degraded = { environment, policy: NOBODY_THERE, readyText: 'is degraded' };
      const full = await startInstance({ ...degraded, largestFileKb: 2_000 });
      const acknowledged: string[] = [];
      let status: number | undefined = 200;
      for (let n = 0; status === 200; n += 1) {
        const identity = `46751${String(n).padStart(6, '0')}`;
        status = await inbound(full, identity, n % 2 === 0 ? 'STOP' : 'x'.repeat(1_500)).then(
          (answer) => answer.status,
          () => undefined,
        );
        if (status === 200) acknowledged.push(identity);
      }
      // The ledger's own failure is answered; where the views ran out of space first, nobody listens any more.
      expect([503, undefined]).toContain(status);
      // By itself: a signal on the way down would be answered with 1 whatever the cause.
      await waitFor('it has ended', () => processesOf(full.dataDir).length === 0);
      expect(await full.stop()).toBe(1);
      expect(full.output()).toContain('the ledger or its views failed');
      console.log(
        `disk full after ${String(acknowledged.length)} acknowledged messages, then ${String(status)}`,
      );
      expect(acknowledged.length).toBeGreaterThan(20);

      const again = await startInstance({ ...degraded, dataDir: full.dataDir });
      try {
        for (const [n, identity] of acknowledged.entries()) {
          expect([identity, await optedOut(again, identity)]).toEqual([identity, n % 2 === 0]);
        }
        expect((await inbound(again, '46752000001', 'STOP')).status).toBe(200);
        expect(await optedOut(again, '46752000001')).toBe(true);
      } finally {
        await again.stop();
      }
    },
  );
});

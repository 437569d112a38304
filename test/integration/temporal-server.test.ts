import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { namespaceAdmin, prepareNamespace } from '../../bin/temporal/temporal-namespace.js';
import { startTemporalServer, type TemporalServer } from '../../bin/temporal/temporal-server.js';

const executable = inject('temporalExecutable');
let dir: string;
let dbFile: string;
const servers: TemporalServer[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'optledger-temporal-'));
  dbFile = join(dir, 'temporal.db');
});

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  rmSync(dir, { recursive: true, force: true });
});

const start = async (
  options: Partial<Parameters<typeof startTemporalServer>[0]> = {},
): Promise<TemporalServer> => {
  const server = await startTemporalServer({ executable, dbFile, ...options });
  servers.push(server);
  return server;
};

/** Everything that has our database file on its command line: guard, watcher and server. */
const processesOnDatabase = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => commandLine(pid).includes(dbFile) && commandLine(pid).includes('start-dev'))
    .map(Number);

const commandLine = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
};

const until = async (what: () => boolean, limitMs: number): Promise<number> => {
  const startedAt = performance.now();
  while (!what()) {
    if (performance.now() - startedAt > limitMs) throw new Error(`not within ${String(limitMs)} ms`);
    await sleep(20);
  }
  return performance.now() - startedAt;
};

const startParent = async (): Promise<{ parent: ChildProcess; address: string; pid: number }> => {
  const args = ['--import', 'tsx', 'test/support/temporal/temporal-parent.ts', executable, dbFile];
  const parent = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
  return { parent, ...(JSON.parse(line) as { address: string; pid: number }) };
};

const startWaitingWorkflow = async (address: string, workflowId: string): Promise<void> => {
  const connection = await Connection.connect({ address });
  await new Client({ connection }).workflow.start('nobody-runs-this', {
    taskQueue: 'none',
    workflowId,
    args: [],
  });
  await connection.close();
};

const statusOf = async (address: string, workflowId: string): Promise<string> => {
  const connection = await Connection.connect({ address });
  const { status } = await new Client({ connection }).workflow.getHandle(workflowId).describe();
  await connection.close();
  return status.name;
};

describe('the embedded Temporal server', () => {
  it('serves, shows its UI, stops within 10 s and leaves nothing', async () => {
    const server = await start();
    expect((await fetch(server.uiUrl)).status).toBe(200);
    expect(processesOnDatabase().length).toBeGreaterThan(0);
    const startedAt = performance.now();
    await server.stop();
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    await expect(server.exited).resolves.toMatchObject({ code: 0 });
    expect(processesOnDatabase()).toEqual([]);
  });

  it('tells when it ended unasked', async () => {
    const server = await start();
    process.kill(Number(readFileSync(`${dbFile}.pid`, 'utf8')), 'SIGKILL');
    await expect(server.exited).resolves.toMatchObject({ code: 137 });
    await until(() => processesOnDatabase().length === 0, 1_000);
  });

  it('ends within 10 s after kill -9 of its parent; the next start waits for that and goes on', async () => {
    const { parent, address, pid } = await startParent();
    await startWaitingWorkflow(address, 'kept');
    // It stands in a process group of its own: a signal to ours does not reach it.
    expect(() => process.kill(-pid, 0)).not.toThrow();

    // The next start comes first: else the old server may have ended before anybody could wait for it.
    const log: string[] = [];
    const starting = start({ log: (line) => log.push(line) });
    await until(() => log.join('\n').includes('waiting for the end of the previous server'), 5_000);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    const next = await starting;
    expect(log.join('\n')).toContain('waiting for the end of the previous server');
    expect(await statusOf(next.address, 'kept')).toBe('RUNNING');
    await next.stop();
    expect(processesOnDatabase()).toEqual([]);
  });

  it('ends after kill -9 of the parent also when nobody starts again', async () => {
    const { parent } = await startParent();
    parent.kill('SIGKILL');
    expect(await until(() => processesOnDatabase().length === 0, 10_000)).toBeLessThan(10_000);
  });

  it('refuses a database that another instance uses, and says which process has it', async () => {
    await start();
    await expect(start({ previousMs: 300 })).rejects.toThrow(/still uses .*temporal\.db/);
  });

  it('begins a new database for another version, and keeps the old one', async () => {
    const first = await start({ version: '1.8.1' });
    await startWaitingWorkflow(first.address, 'of-the-old-version');
    await first.stop();
    const second = await start({ version: '1.8.2' });
    await expect(statusOf(second.address, 'of-the-old-version')).rejects.toThrow(/not found/i);
    expect(existsSync(`${dbFile}.old`)).toBe(true);
  });

  it('says what the server said when it cannot start', async () => {
    await expect(start({ dbFile: join(dir, 'no-such-folder', 'temporal.db') })).rejects.toThrow(
      /did not come up: ended/,
    );
  });

  it('two start at the same time with ports of their own', async () => {
    const [one, two] = await Promise.all([start(), start({ dbFile: join(dir, 'other.db') })]);
    expect(one.address).not.toBe(two.address);
  });
});

describe('the namespace', () => {
  it('gets its retention and search attributes once, also on an existing database', async () => {
    for (const round of [1, 2]) {
      const server = await start();
      const connection = await Connection.connect({ address: server.address });
      const admin = namespaceAdmin(connection, 'default');
      expect(await prepareNamespace(admin, { retentionHours: 72 }), `round ${String(round)}`).toEqual({
        searchAttributes: true,
      });
      expect(await admin.retention()).toBe(72 * 3600);
      expect(await admin.searchAttributes()).toMatchObject({ OptApp: 2, OptAttempts: 3, OptNextAttempt: 6 });
      await connection.close();
      await server.stop();
    }
  });

  it('that does not exist is an error', async () => {
    const server = await start();
    const connection = await Connection.connect({ address: server.address });
    await expect(prepareNamespace(namespaceAdmin(connection, 'absent'))).rejects.toThrow(
      /absent is not found/,
    );
    await connection.close();
  });
});

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dumpViews } from '../../projections/dump-views.js';
import { runCli } from '../support/cli-process.js';
import { askEverything, playEventful, type Eventful } from '../support/eventful-run.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { newDataDir, startInstance, type Instance } from '../support/instance.js';
import { nothingOwed } from '../support/metrics.js';
import type { ServerProcess } from '../support/server-process.js';
import { startWebhookReceiverProcess } from '../support/webhook-receiver.js';

// Views are a fold of the ledger: whether they grew with it or are made anew, they are the same.

const dataDir = newDataDir();
const viewsFile = join(dataDir, 'views.db');
const environment = { ROOT_KEY: Buffer.alloc(32, 'nobody may read').toString('base64') };
const start = (): Promise<Instance> => startInstance({ dataDir, environment });
const dump = (): string[] => [...dumpViews(viewsFile)];
const rebuild = () => runCli(dataDir, ['--json', 'views', 'rebuild'], environment);

let instance: Instance;
let receiver: ServerProcess;
let gateway: Gateway;
let run: Eventful;

beforeAll(async () => {
  [receiver, gateway] = await Promise.all([startWebhookReceiverProcess(), startGateway()]);
  instance = await start();
  run = await playEventful(instance, { receiver, gateway });
}, 120_000);
afterAll(async () => {
  await Promise.all([instance.stop(), receiver.stop(), gateway.stop()]);
});

describe('while the instance runs', () => {
  it.each(['views rebuild', 'reactor set --at end'])('`%s` is refused', async (command) => {
    const { code, stdout, stderr } = await runCli(dataDir, command.split(' '), environment);
    expect(code).toBeGreaterThan(0);
    expect(stderr).toMatch(/another process uses this ledger.*stop it/i);
    expect(stdout).toBe('');
    expect((await instance.call('GET', '/health/ready')).body).toEqual({ status: 'ready', missing: [] });
  });

  it('`config` prints the settings in force, secrets masked', async () => {
    const { code, stdout, stderr } = await runCli(dataDir, ['config'], environment);
    expect(code).toBe(0);
    expect(stdout).toContain(dataDir);
    expect(stdout).toContain('••••');
    expect(stdout + stderr).not.toContain(environment.ROOT_KEY);
  });
});

describe('views made anew', () => {
  let grown: string[];
  let answers: Map<string, string>;

  it('are the same while much is owed', { timeout: 60_000 }, async () => {
    expect(await instance.stop()).toBe(0);
    grown = dump();
    const tables = new Set(grown.map((line) => line.split(' ')[0]));
    expect(tables).toEqual(new Set(tablesOf(viewsFile)));
    const { code, stdout } = await rebuild();
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ position: expect.stringMatching(/^\d+$/) as string });
    expect(dump()).toEqual(grown);
  });

  it('are the same once everything has ended, and answer the same', { timeout: 180_000 }, async () => {
    await Promise.all([receiver.script({}), gateway.script({})]);
    instance = await start();
    await nothingOwed(instance, 100_000);
    answers = await askEverything(instance, run);
    expect(await instance.stop()).toBe(0);
    const more = dump();
    expect(more).not.toEqual(grown);
    grown = more;
    expect((await rebuild()).code).toBe(0);
    expect(dump()).toEqual(grown);

    instance = await start();
    expect(await askEverything(instance, run)).toEqual(answers);
    console.log(`${String(grown.length)} rows and ${String(answers.size)} answers compared`);
  });

  it('are the same when the file was deleted before a start', { timeout: 120_000 }, async () => {
    expect(await instance.stop()).toBe(0);
    for (const suffix of ['', '-wal', '-shm']) rmSync(viewsFile + suffix, { force: true });
    instance = await start();
    expect(await askEverything(instance, run)).toEqual(answers);
    expect(await instance.stop()).toBe(0);
    expect(dump()).toEqual(grown);
  });

  it('would be told apart by one value of one row', () => {
    const db = new DatabaseSync(viewsFile);
    db.exec(`UPDATE counters SET value = value + 1 WHERE name = (SELECT min(name) FROM counters)`);
    db.close();
    expect(dump()).not.toEqual(grown);
  });
});

function tablesOf(file: string): string[] {
  const db = new DatabaseSync(file, { readOnly: true });
  const rows = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).all() as { name: string }[];
  db.close();
  return rows.map(({ name }) => name);
}

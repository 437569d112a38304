import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dumpViews } from '../../projections/engine/dump-views.js';
import { runCli } from '../support/cli/cli-process.js';
import { askEverything, playEventful, type Eventful } from '../support/ledger/eventful-run.js';
import { startGateway, type Gateway } from '../support/stand-ins/gateway.js';
import { newDataDir, reachedAt, startInstance, type Instance } from '../support/instance/instance.js';
import { nothingOwed } from '../support/metrics.js';
import type { ServerProcess } from '../support/stand-ins/server-process.js';
import { stopFolded, viewStoresOf, type ViewStore } from '../support/ledger/view-stores.js';
import { startWebhookReceiverProcess } from '../support/stand-ins/webhook-receiver.js';

// Views are a fold of the ledger: whether they grew with it or are made anew, they are the same.

const dataDir = newDataDir();
const environment = { ROOT_KEY: Buffer.alloc(32, 'nobody may read').toString('base64') };
const start = (): Promise<Instance> => startInstance({ dataDir, environment });
const dumpOf = ({ viewsFile }: ViewStore): string[] => [...dumpViews(viewsFile)];
const cli = (store: ViewStore, args: readonly string[]) =>
  runCli(store.dataDir, args, { ...store.environment, ...environment });

let instance: Instance;
let stores: readonly ViewStore[];
let receiver: ServerProcess;
let gateway: Gateway;
let run: Eventful;

beforeAll(async () => {
  [receiver, gateway] = await Promise.all([startWebhookReceiverProcess(), startGateway()]);
  instance = await start();
  stores = viewStoresOf(instance);
  run = await playEventful(instance, { receiver, gateway });
}, 120_000);
afterAll(async () => {
  await Promise.all([instance.stop(), receiver.stop(), gateway.stop()]);
});

describe('while the instance runs', () => {
  it.each(['views rebuild', 'reactor set --at end'])('`%s` is refused', async (command) => {
    for (const store of stores) {
      const { code, stdout, stderr } = await cli(store, command.split(' '));
      expect(code).toBeGreaterThan(0);
      expect(stderr).toMatch(/another process uses this ledger.*stop it/i);
      expect(stdout).toBe('');
    }
    expect((await instance.call('GET', '/health/ready')).body).toEqual({ status: 'ready', missing: [] });
  });

  it('`config` prints the settings in force, secrets masked', async () => {
    for (const store of stores) {
      const { code, stdout, stderr } = await cli(store, ['config']);
      expect(code).toBe(0);
      expect(stdout).toContain(store.dataDir);
      expect(stdout).toContain('••••');
      expect(stdout + stderr).not.toContain(environment.ROOT_KEY);
    }
  });
});

/** What the instance answers; on roles each API process has to answer the same. */
async function answersNow(): Promise<Map<string, string>> {
  const urls = instance.topology?.of('api').map(({ url }) => url) ?? [instance.url];
  const [first, ...others] = await Promise.all(
    urls.map((url) => askEverything(reachedAt(instance, url), run)),
  );
  for (const other of others) expect(other).toEqual(first);
  return first ?? new Map<string, string>();
}

/** Stops the instance and folds all views anew; resolves with what was and is in each. */
async function stoppedAndRebuilt(): Promise<string[][]> {
  expect(await stopFolded(instance)).toBe(0);
  const grown = stores.map(dumpOf);
  for (const store of stores) {
    const { code, stdout } = await cli(store, ['--json', 'views', 'rebuild']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ position: expect.stringMatching(/^\d+$/) as string });
  }
  expect(stores.map(dumpOf)).toEqual(grown);
  return grown;
}

describe('views made anew', () => {
  let grown: string[][];
  let answers: Map<string, string>;

  it('are the same while much is owed', { timeout: 120_000 }, async () => {
    grown = await stoppedAndRebuilt();
    for (const [n, { viewsFile }] of stores.entries()) {
      const tables = new Set(grown[n]?.map((line) => line.split(' ')[0]));
      expect(tables).toEqual(new Set(tablesOf(viewsFile)));
    }
  });

  it('are the same once everything has ended, and answer the same', { timeout: 300_000 }, async () => {
    await Promise.all([receiver.script({}), gateway.script({})]);
    instance = await start();
    await nothingOwed(instance, 100_000);
    answers = await answersNow();
    const more = await stoppedAndRebuilt();
    expect(more).not.toEqual(grown);
    grown = more;

    instance = await start();
    expect(await answersNow()).toEqual(answers);
    console.log(
      `${String(grown.flat().length)} rows of ${String(stores.length)} and ${String(answers.size)} answers`,
    );
  });

  it('are the same when the file was deleted before a start', { timeout: 180_000 }, async () => {
    expect(await stopFolded(instance)).toBe(0);
    for (const { viewsFile } of stores)
      for (const suffix of ['', '-wal', '-shm']) rmSync(viewsFile + suffix, { force: true });
    instance = await start();
    expect(await answersNow()).toEqual(answers);
    expect(await stopFolded(instance)).toBe(0);
    expect(stores.map(dumpOf)).toEqual(grown);
  });

  it('would be told apart by one value of one row', () => {
    for (const [n, store] of stores.entries()) {
      const db = new DatabaseSync(store.viewsFile);
      db.exec(`UPDATE counters SET value = value + 1 WHERE name = (SELECT min(name) FROM counters)`);
      db.close();
      expect(dumpOf(store)).not.toEqual(grown[n]);
    }
  });
});

function tablesOf(file: string): string[] {
  const db = new DatabaseSync(file, { readOnly: true });
  const rows = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).all() as { name: string }[];
  db.close();
  return rows.map(({ name }) => name);
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRootKey } from '../../ledger/keys/root-key.js';
import { openSqliteLedger } from '../../ledger/sqlite/sqlite-ledger.js';
import { median, runCopy, type CopyRun } from '../support/backup/copy-process.js';
import { fillLedger } from '../support/ended/fill-ledger.js';
import { newDataDir, ON_ROLES, startInstance, type Instance } from '../support/instance/instance.js';
import { startFakeKurrentProcess, type FakeKurrentProcess } from '../support/kurrent/fake-process.js';
import { nothingOwed } from '../support/metrics.js';
import type { ServerProcess } from '../support/stand-ins/server-process.js';
import { inbound, listed, registerWebhook, send } from '../support/story.js';
import { waitFor } from '../support/wait-for.js';
import { startWebhookReceiverProcess } from '../support/stand-ins/webhook-receiver.js';

// A ledger of months of ended traffic moves from a file to a server and back: a million events in the long form.

const LONG = process.env['OPTLEDGER_LONG'] === '1';
const EVENTS = LONG ? 1_000_000 : 20_000;
const timeout = LONG ? 3 * 3_600_000 : 240_000;
const PERSON = '46799000001';
const LISTS = [
  '/messages?',
  '/callbacks?',
  '/apps/APP/consents/OPT_OUT_ALL?',
  '/apps/APP/simulator/messages?',
];

const dataDir = newDataDir();
const source = `sqlite:${join(dataDir, 'ledger.db')}`;
const back = `sqlite:${join(dataDir, 'back.db')}`;
let receiver: ServerProcess;
let server: FakeKurrentProcess;
let instance: Instance;
let written = 0;
const tokens = new Map<string, string>();

const path = (list: string): string => list.replace('APP', instance.appId);

beforeAll(async () => {
  [receiver, server] = await Promise.all([startWebhookReceiverProcess(), startFakeKurrentProcess()]);
  instance = await startInstance({ dataDir });
  await registerWebhook(instance, receiver.url);
  for (const person of [PERSON, '46799000002']) {
    await inbound(instance, person, 'STOP');
    await send(instance, person, 'CONTENT_NOTIFICATION');
  }
  await nothingOwed(instance, 60_000);
  for (const list of LISTS) {
    const { body } = await instance.call<{ next_page_token: string }>('GET', `${path(list)}page_size=1`);
    tokens.set(list, body.next_page_token);
  }
  await instance.stop();
  const rootKey = openRootKey(Buffer.from(readFileSync(join(dataDir, 'root.key'), 'utf8'), 'base64'));
  const { projectId, appId } = instance;
  const [file, lockFile] = [join(dataDir, 'ledger.db'), join(dataDir, 'ledger.lock')];
  const ledger = await openSqliteLedger({ file, lockFile });
  await fillLedger({ ledger, rootKey, projectId, appId, events: EVENTS, from: Date.now() - 86_400_000 });
  written = Number(ledger.headPosition());
  await ledger.close();
}, timeout);
afterAll(async () => {
  await instance.stop();
  await Promise.all([receiver.stop(), server.stop()]);
});

function report(what: string, run: CopyRun): void {
  const third = Math.floor(run.copyingMb.length / 3);
  const [first, last] = [median(run.copyingMb.slice(0, third)), median(run.copyingMb.slice(-third))];
  const lines = run.stderr.split('\n').filter((line, n, all) => !all[n + 1]?.startsWith(line.slice(0, 12)));
  console.log(
    `${what}: ${run.seconds.toFixed(1)} s, ${run.cpuSeconds.toFixed(1)} s of processor; memory while copying, first ` +
      `third ${first.toFixed(0)} MB, last ${last.toFixed(0)} MB, most ${Math.max(0, ...run.copyingMb).toFixed(0)} MB\n` +
      lines.join('\n'),
  );
  expect(Math.max(0, ...run.copyingMb)).toBeLessThan(600);
  // A short run has not yet reached the memory that it works with.
  if (LONG) expect(last).toBeLessThan(first * 1.25);
}

/** Rows that stand in both files with every column the same, and rows of each. */
function alike(a: string, b: string): unknown {
  const db = new DatabaseSync(a.slice('sqlite:'.length), { readOnly: true });
  try {
    db.exec(`ATTACH '${b.slice('sqlite:'.length)}' AS other`);
    return db
      .prepare(
        `SELECT (SELECT count(*) FROM main.events) AS mine, (SELECT count(*) FROM other.events) AS theirs,
           (SELECT count(*) FROM main.events AS a JOIN other.events AS b USING (position)
             WHERE (a.stream, a.revision, a.id, a.type, a.version, a.data, a.meta) =
               (b.stream, b.revision, b.id, b.type, b.version, b.data, b.meta)
             AND a.personal IS b.personal) AS same`,
      )
      .get();
  } finally {
    db.close();
  }
}

// Of one process's file; the roles have a server of their own.
describe.skipIf(ON_ROLES)(`a ledger of ${EVENTS.toLocaleString('en')} events and more`, () => {
  it('is copied to a server, killed twice on its way', { timeout }, async () => {
    for (const share of [1 / 3, 2 / 3]) {
      const killed = await runCopy(source, server.url, async () => (await server.count()) > written * share);
      expect(killed.code).toBeNull();
      report(`to the server, killed at ${(share * 100).toFixed(0)} %`, killed);
    }
    const run = await runCopy(source, server.url);
    expect(run.stderr).not.toContain('looking for owed work');
    report('to the server, the rest', run);
    expect(run).toMatchObject({ code: 0 });
    expect(JSON.parse(run.stdout)).toMatchObject({ events: written });
  });

  it('is copied back to a file, and is what it was', { timeout }, async () => {
    const run = await runCopy(server.url, back);
    report('back to a file', run);
    expect(run).toMatchObject({ code: 0 });
    expect(alike(source, back)).toEqual({ mine: written, theirs: written, same: written });
  });

  it('sends nothing again, refuses the page tokens of before, and goes on', { timeout }, async () => {
    const calls = await receiver.count();
    instance = await startInstance({
      ...{ dataDir, environment: { LEDGER_URL: back }, readyTimeoutMs: timeout },
    });
    await nothingOwed(instance, timeout);
    for (const list of LISTS) {
      const token = tokens.get(list) ?? '';
      expect(token, list).not.toBe('');
      const query = `${path(list)}page_size=1&page_token=`;
      const old = await instance.call('GET', query + token);
      expect(old.status, list).toBe(400);
      expect(old.body).toMatchObject({ error: { code: 400, status: 'INVALID_ARGUMENT' } });
      const text = JSON.stringify(old.body);
      expect(text).toContain('page_token');
      expect(text).not.toContain(PERSON);
      const { body } = await instance.call('GET', query);
      expect((await instance.call('GET', query + String(body['next_page_token']))).status, list).toBe(200);
    }
    expect(await listed(instance, 'OPT_OUT_ALL')).toContain(PERSON);
    expect(await receiver.count()).toBe(calls);
    await inbound(instance, PERSON, 'START');
    await waitFor('its callbacks', async () => (await receiver.count()) >= calls + 2 || undefined);
    const others = (await receiver.requests(calls)).filter(({ body }) => !body.includes(PERSON));
    expect(others).toEqual([]);
  });
});

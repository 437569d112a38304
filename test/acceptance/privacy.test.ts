import { globSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ON_ROLES, startInstance, type Instance } from '../support/instance/instance.js';
import { ledgerCells } from '../support/privacy/ledger-cells.js';
import { askBadly } from '../support/privacy/marked-bad-inputs.js';
import {
  readMarked,
  secretsMade,
  sendMarked,
  setUpMarked,
  UNKNOWN_HOST,
  writeMarked,
} from '../support/privacy/marked-run.js';
import { MARKS, startEchoingGateway, startEchoingReceiver } from '../worlds/marked-world.js';
import { findMarks, type Mark } from '../support/privacy/marks.js';
import { metric } from '../support/metrics.js';
import type { ScriptedServer } from '../support/stand-ins/scripted-server.js';
import { sqliteCells } from '../support/privacy/sqlite-cells.js';
import { connectTemporal, temporalAddress } from '../support/temporal/temporal-client.js';
import { waitFor } from '../support/wait-for.js';
import { allHistories } from '../support/temporal/workflow-histories.js';

// One run with marked people, texts and secrets, at the most talkative log level. Then everything that it left behind
// is searched, byte by byte and in disguise.

/** Files of the data folder that hold people or secrets by design; everything else in there is searched. */
const KEEPS_PERSONAL = /^(ledger|views|simulator)\.db|^(root\.key|demo\.json)$/;
const environment = { LOG_LEVEL: 'trace' };

/** The one that runs, also when the play breaks off. */
let running: Instance | undefined;
const secrets: Mark[] = [];
let receiver: ScriptedServer;
let gateway: ScriptedServer;
let dataDir = '';
let personal: Buffer;
const places = new Map<string, Buffer>();
const look = (place: string, bytes: Buffer | string): void => {
  places.set(place, Buffer.from(bytes));
};
const lookAtFiles = (when: string): void => {
  for (const file of globSync([join(dataDir, '*'), join(dataDir, '*', '*')])) {
    if (!KEEPS_PERSONAL.test(basename(file)) && statSync(file).isFile())
      look(`${relative(dataDir, file)} ${when}`, readFileSync(file));
  }
};

async function lookAtRunning(instance: Instance, when: string): Promise<void> {
  const temporal = await connectTemporal(temporalAddress(dataDir));
  look(`workflow histories ${when}`, await allHistories(temporal));
  await temporal.close();
  lookAtFiles(`as it runs ${when}`);
  const urls = instance.topology?.processes.map(({ url }) => url) ?? [instance.url];
  const texts = urls.map(async (url) => (await fetch(`${url}/metrics`)).text());
  look(`metrics ${when}`, (await Promise.all(texts)).join('\n'));
}

async function stop(instance: Instance, when: string): Promise<void> {
  expect(await instance.stop()).toBe(0);
  look(`output ${when}`, instance.output());
  lookAtFiles(`stopped ${when}`);
}

const owed = async (instance: Instance): Promise<number> =>
  (await metric(instance, 'optledger_view_lag_events')) +
  (await metric(instance, 'optledger_owed{lane="messages"}')) +
  (await metric(instance, 'optledger_owed{lane="callbacks"}'));

beforeAll(
  async () => {
    [receiver, gateway] = await Promise.all([startEchoingReceiver(), startEchoingGateway()]);
    let instance = (running = await startInstance({ environment }));
    dataDir = instance.dataDir;
    const gatewayApp = await setUpMarked(instance, { receiver: receiver.url, gateway: gateway.url });
    await writeMarked(instance);
    await sendMarked(instance, gatewayApp, receiver.url);
    secrets.push(...(await secretsMade(instance)).map((text) => ({ text, kept: false })));
    look('error answers', (await askBadly(instance)).join('\n'));
    // Much is still owed.
    await stop(instance, 'before the restart');

    instance = running = await startInstance({ dataDir, environment });
    await writeMarked(instance);
    await waitFor('all that can end', async () => (await owed(instance)) === UNKNOWN_HOST, 90_000);
    look('page tokens', await readMarked(instance));
    await lookAtRunning(instance, 'at the end');
    await stop(instance, 'at the end');

    look('values of temporal.db', sqliteCells(join(dataDir, 'temporal.db')));
    const ledger = await ledgerCells(dataDir);
    look('the ledger beside personal', ledger.beside);
    personal = ledger.personal;
  },
  ON_ROLES ? 300_000 : 180_000,
);

afterAll(() => Promise.all([running?.stop(), receiver.close(), gateway.close()]));

const place = (name: string): Buffer => {
  const found = places.get(name);
  if (found === undefined) throw new Error(`no place ${name}`);
  return found;
};

describe('marked people, texts and secrets', () => {
  it('are found nowhere but where they belong', () => {
    expect(findMarks([...MARKS, ...secrets], places)).toEqual([]);
    const sizes = [...places].map(([name, { length }]) => `${name} ${String(length)}`);
    console.log(`searched for ${String(MARKS.length)} marks, bytes: ${sizes.join(', ')}`);
  });

  it('are in the personal part of the ledger, or not even there', () => {
    const views = ON_ROLES ? join('api-1', 'views.db') : 'views.db';
    const files = [views, 'simulator.db'].map((name) => sqliteCells(join(dataDir, name)));
    const kept = new Map([['kept', Buffer.concat([personal, ...files])]]);
    for (const mark of [...MARKS, ...secrets]) {
      expect([mark.text, findMarks([mark], kept).length > 0]).toEqual([mark.text, mark.kept]);
    }
    expect(
      findMarks(
        MARKS.filter((mark) => mark.kept),
        new Map([['personal', personal]]),
      ).length,
    ).toBeGreaterThanOrEqual(MARKS.filter((mark) => mark.kept).length);
  });
});

// What was searched must be what was meant, and the search must see what is there.
describe('the search', () => {
  const has = (name: string, text: string): void => {
    expect([name, place(name).includes(text)]).toEqual([name, true]);
  };

  it('had the real logs, metrics, answers and events before it', () => {
    for (const when of ['before the restart', 'at the end']) {
      has(`output ${when}`, '"msg":"request"');
      has(`output ${when}`, '/v1/projects/:project_id/apps/:app_id/inbound/generic');
    }
    has('output before the restart', 'a message id came again with another text');
    has('metrics at the end', 'optledger_callback_attempts_total{class="refused"}');
    has('error answers', 'INVALID_ARGUMENT');
    has('the ledger beside personal', 'contact-');
    has('the ledger beside personal', 'callback-parked');
    expect(place('page tokens').length).toBeGreaterThan(40);
  });

  it.each(['workflow histories at the end', 'values of temporal.db', 'temporal.db stopped at the end'])(
    'saw the callbacks in the %s',
    (name) => {
      const ids = new Set(receiver.requests.map(({ headers }) => headers['optledger-delivery-id'] ?? ''));
      const seen = [...ids].filter((id) => place(name).includes(id));
      expect(ids.size).toBeGreaterThan(100);
      expect(seen.length / ids.size).toBeGreaterThan(0.9);
    },
  );

  it.each(MARKS)('finds what is planted: $text', (mark) => {
    const { text } = mark;
    const file = join(mkdtempSync(join(tmpdir(), 'optledger-planted-')), 'planted.db');
    const payload = Buffer.concat([Buffer.alloc(5_000, 7), Buffer.from(JSON.stringify({ text }))]);
    const db = new DatabaseSync(file);
    db.exec('CREATE TABLE history_node (shard INTEGER, data BLOB)');
    db.prepare('INSERT INTO history_node VALUES (1, ?)').run(payload);
    db.close();
    const line = JSON.stringify({ level: 30, msg: 'request', url: `/apps/${text}/x` });
    const planted = new Map([
      ['values', sqliteCells(file)],
      ['file', readFileSync(file)],
      ['log', Buffer.from(`{"level":30}\n${line}\n`)],
      ['query', Buffer.from(String(new URLSearchParams({ q: text })))],
      ['path', Buffer.from(encodeURI(text))],
      ['UTF-16', Buffer.from(`.${text}.`, 'utf16le')],
      ['hex', Buffer.from(Buffer.from(`.${text}.`).toString('hex'))],
      ...['', '.', '..', '...'].flatMap((before) =>
        (['base64', 'base64url'] as const).map(
          (encoding) =>
            [
              `${encoding} after ${String(before.length)}`,
              Buffer.from(Buffer.from(`${before}${text}...`).toString(encoding)),
            ] as const,
        ),
      ),
    ]);
    const found = new Set(findMarks([mark], planted).map((one) => one.split(': ')[0]));
    expect([...planted.keys()].filter((name) => !found.has(name))).toEqual([]);
    expect(findMarks([mark], new Map([['other', Buffer.from('nothing of this kind')]]))).toEqual([]);
  });
});

import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSqliteLedger } from '../../ledger/sqlite/sqlite-ledger.js';
import { dumpViews } from '../../projections/engine/dump-views.js';
import { rebuildViews } from '../../projections/engine/rebuild-views.js';
import { cursorRows, cutShort, eventRows, flipBit, headOfFile, places } from '../support/backup/files.js';
import { runCli, type ProgramRun } from '../support/cli/cli-process.js';
import { GATEWAY_SECRET } from '../support/stand-ins/gateway-app.js';
import { inOneProcess } from '../support/instance/in-one-process.js';
import { startInstance, type Instance } from '../support/instance/instance.js';
import { startInboundAt, type TakenInbound } from '../support/load.js';
import { metric, nothingOwed } from '../support/metrics.js';
import { retryParked } from '../support/backup/retry-parked.js';
import { inbound, phone } from '../support/story.js';
import { CALLBACKS, MESSAGES, oweMuch, type OwingWorld } from '../support/temporal/temporal-owed.js';
import { waitFor } from '../support/wait-for.js';

// A backup of an instance that owes much, under load; what it owed then goes out; the backup is restored and started
// with the same receiver and the same gateway.

const describe = inOneProcess('a backup is of the embedded file');
const PER_SECOND = 500;
const ENOUGH = 500;
const folder = mkdtempSync(join(tmpdir(), 'optledger-backup-'));
const at = (name: string): string => join(folder, name);
const [backup, restored] = [at('backup'), at('restored')];

interface Ended {
  readonly lastPosition: string;
  readonly messagesFailed: number;
  readonly repliesDropped: number;
  readonly callbacksParked: number;
  readonly resumed: boolean;
}

let world: OwingWorld;
let [liveDir, demoFile] = ['', ''];
let taken: TakenInbound[];
let beganAt: number;
let run: ProgramRun;
let ended: Ended;

const restore = (to: string, from = backup, environment = {}): Promise<ProgramRun> =>
  runCli(to, ['restore', '--from', from, '--json'], environment);
/** A copy of the backup that something is done to. */
function spoilt(name: string, spoil: (folder: string) => void): string {
  cpSync(backup, at(name), { recursive: true });
  spoil(at(name));
  return at(name);
}
async function newApp(instance: Instance): Promise<string> {
  const app = await instance.call<{ id: string }>('POST', '/apps', {
    display_name: 'under load',
    channel_credentials: [{ channel: 'SMS', static_bearer: { claimed_identity: 'x', token: 'y' } }],
  });
  return app.body.id;
}

beforeAll(async () => {
  world = await oweMuch('4671');
  liveDir = world.instance.dataDir;
  const load = startInboundAt(PER_SECOND, world.instance, {
    appId: await newApp(world.instance),
    prefix: '46720',
  });
  const acknowledged = (count: number): Promise<true> =>
    waitFor('more acknowledged', () => load.taken.length >= count, 60_000);
  await acknowledged(ENOUGH);
  beganAt = Date.now();
  run = await runCli(liveDir, ['backup', '--to', backup, '--json']);
  const tookMs = Date.now() - beganAt;
  await acknowledged(load.taken.length + ENOUGH);
  await load.stop();
  ({ taken } = load);
  const during = taken.filter((one) => one.at >= beganAt && one.at < beganAt + tookMs);
  console.log(
    `${String(taken.length)} inbound acknowledged, ${String(load.others.length)} refused; the backup took ` +
      `${String(tookMs)} ms, in which ${String(during.length)} were acknowledged`,
  );
  // What was owed goes out from the instance that the backup is of.
  await world.recover();
  await nothingOwed(world.instance, 240_000);
  demoFile = readFileSync(join(liveDir, 'demo.json'), 'utf8');
  await world.instance.stop();
  const restoring = await restore(restored);
  expect(restoring.stderr).not.toContain('✗');
  ended = JSON.parse(restoring.stdout) as Ended;
  copyFileSync(join(restored, 'ledger.db'), at('untouched.db'));
}, 450_000);

afterAll(() => world.close());

describe('a backup under load', () => {
  it('is made, says what it holds and is readable by its owner only', () => {
    expect(run.code).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({ folder: backup, rootKey: 'included' });
    expect(run.stderr).toContain('and the root key');
    expect(statSync(backup).mode & 0o777).toBe(0o700);
    expect(readdirSync(backup).sort()).toEqual(['ledger.db', 'manifest.json', 'root.key']);
    for (const name of readdirSync(backup)) expect(statSync(join(backup, name)).mode & 0o777).toBe(0o600);
    const manifest = readFileSync(join(backup, 'manifest.json'), 'utf8');
    expect(manifest).not.toContain(readFileSync(join(backup, 'root.key'), 'utf8').trim());
  });

  it('is a prefix of the ledger, with everything that was acknowledged before it began', () => {
    const [copy, live] = [eventRows(join(backup, 'ledger.db')), eventRows(join(liveDir, 'ledger.db'))];
    expect(copy.length).toBeLessThan(live.length);
    expect(copy).toEqual(live.slice(0, copy.length));
    const received = new Set(
      copy.flatMap(({ type, data }) =>
        type === 'message-received' ? [(JSON.parse(data) as { messageId: string }).messageId] : [],
      ),
    );
    const before = taken.filter((one) => one.at < beganAt);
    expect(before.length).toBeGreaterThan(200);
    expect(before.filter(({ messageId }) => !received.has(messageId))).toEqual([]);
    const cursors = cursorRows(join(backup, 'ledger.db')).map(({ name }) => name);
    expect(cursors).toEqual(['reactor-callbacks', 'reactor-messages', 'store']);
    console.log(`${String(before.length)} acknowledged before, ${String(copy.length)} events in the backup`);
  });
});

describe('a restore', () => {
  it('adds nothing but ends to what was backed up', () => {
    const [copy, now] = [eventRows(join(backup, 'ledger.db')), eventRows(at('untouched.db'))];
    expect(now.slice(0, copy.length)).toEqual(copy);
    const reasons = new Map<string, number>();
    for (const { type, data } of now.slice(copy.length)) {
      const { reason = '' } = JSON.parse(data) as { reason?: string };
      reasons.set(`${type} ${reason}`, (reasons.get(`${type} ${reason}`) ?? 0) + 1);
    }
    const { 'message-accepted ': begun = 0, ...ends } = Object.fromEntries(reasons);
    expect(ends).toEqual({
      'message-failed restored': ended.messagesFailed,
      'callback-parked restored': ended.callbacksParked,
      ...(ended.repliesDropped > 0 ? { 'message-failed reply-restored': ended.repliesDropped } : {}),
    });
    expect(begun).toBeLessThanOrEqual(ended.repliesDropped);
    expect(ended.messagesFailed).toBe(MESSAGES);
    expect(ended.callbacksParked).toBe(CALLBACKS);
    console.log(`restored: ${JSON.stringify(ended)}`);
  });

  it('leaves views that are what a rebuild makes', async () => {
    const file = at('again.db');
    const ledger = await openSqliteLedger({
      file: join(restored, 'ledger.db'),
      lockFile: join(restored, 'ledger.lock'),
    });
    await rebuildViews({ file, ledger });
    await ledger.close();
    expect([...dumpViews(join(restored, 'views.db'))]).toEqual([...dumpViews(file)]);
  });

  it('starts, and nothing goes out again', { timeout: 120_000 }, async () => {
    const [posted, called] = [await world.receiver.count(), await world.gateway.count()];
    writeFileSync(join(restored, 'demo.json'), demoFile, { mode: 0o600 });
    const instance = await startInstance({ dataDir: restored });
    try {
      await nothingOwed(instance, 10_000);
      expect(await metric(instance, 'optledger_callbacks_parked')).toBe(ended.callbacksParked);
      // The whole way works: one message comes in and is told; anything that had waited would have come before.
      const answer = await inbound(instance, '46730000001', 'STOP');
      await waitFor('the new message is told', async () =>
        (await world.receiver.requests(posted)).find(({ body }) => body.includes(answer.body.message_id)),
      );
      await waitFor('its reply', async () => (await phone(instance)).length > 0);
      await nothingOwed(instance, 10_000);
      expect(await world.receiver.requests(posted)).toHaveLength(1);
      expect(await world.gateway.count()).toBe(called);
      expect(await phone(instance)).toHaveLength(1);
      const retried = await retryParked(instance, 3);
      expect(await world.receiver.requests(posted)).toHaveLength(1 + retried);
    } finally {
      await instance.stop();
    }
    const calls = await world.gateway.calls(GATEWAY_SECRET);
    const dispatched = calls.map(({ messageId }) => messageId);
    expect(new Set(dispatched).size).toBe(MESSAGES);
  });
});

describe('a restore that is refused', () => {
  const other = Buffer.alloc(32, 7).toString('base64');
  it.each([
    ['another root key', () => backup, { ROOT_KEY: other }, /ROOT_KEY is not the root key/],
    [
      'a truncated ledger',
      () => spoilt('short', (dir) => truncateSync(join(dir, 'ledger.db'), 8192)),
      {},
      /ledger\.db is not what the manifest says: it has 8192 bytes/,
    ],
    [
      'an altered ledger',
      () => spoilt('altered', (dir) => flipBit(join(dir, 'ledger.db'))),
      {},
      /was altered/,
    ],
    [
      'an altered manifest',
      () =>
        spoilt('manifest', (dir) => {
          const file = join(dir, 'manifest.json');
          writeFileSync(
            file,
            readFileSync(file, 'utf8').replace(/"lastPosition": "\d+"/, '"lastPosition": "7"'),
          );
        }),
      {},
      /the manifest is of another ledger/,
    ],
    [
      'the key of another instance',
      () => spoilt('key', (dir) => writeFileSync(join(dir, 'root.key'), other)),
      {},
      /root\.key is not the root key/,
    ],
    ['no manifest', () => spoilt('none', (dir) => truncateSync(join(dir, 'manifest.json'))), {}, /not JSON/],
  ] as const)('because of %s leaves nothing behind', async (name, from, environment, message) => {
    const target = at(`refused ${name}`);
    const { code, stderr } = await restore(target, from(), environment);
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
    expect(existsSync(target) ? readdirSync(target) : []).toSatisfy((names: string[]) =>
      names.every((one) => one === 'ledger.lock'),
    );
  });

  it('goes into no folder that holds something, nor does a backup', async () => {
    const used = at('used');
    cpSync(backup, used, { recursive: true });
    for (const args of [
      ['restore', '--from', backup, '--data-dir', used],
      ['backup', '--to', used],
    ]) {
      const before = readdirSync(used);
      const { code, stderr } = await runCli(restored, args);
      expect(stderr).toMatch(/already|not empty/);
      expect(code).toBe(1);
      expect(readdirSync(used)).toEqual(before);
    }
  });
});

describe('kill -9', () => {
  const files = (dir: string) => ({
    copying: join(dir, 'ledger.db.copying'),
    restoring: join(dir, 'ledger.db.restoring'),
  });
  it.each([
    ['while it copies', (dir: string) => existsSync(files(dir).copying)],
    ['when it has copied', (dir: string) => existsSync(files(dir).restoring)],
    [
      'while it ends what is owed',
      (dir: string) => headOfFile(files(dir).restoring) > Number(ended.lastPosition),
    ],
    [
      'while it parks callbacks',
      (dir: string) => headOfFile(files(dir).restoring) > Number(ended.lastPosition) + MESSAGES + 10,
    ],
  ])('of a restore %s: no start, and the same end the second time', async (name, when) => {
    const dir = at(`killed ${name}`);
    const args = ['restore', '--from', backup];
    expect(await cutShort(args, { DATA_DIR: dir }, () => when(dir))).toBe(true);
    expect(existsSync(join(dir, 'ledger.db'))).toBe(false);
    const start = await runCli(dir, ['start']);
    expect(start.code).toBe(1);
    expect(start.stderr).toContain('run the same `optledger restore` again');
    expect((await restore(dir)).code).toBe(0);
    // Before it is read: a reader leaves a log beside it.
    expect(readdirSync(dir).sort()).toEqual(['ledger.db', 'ledger.lock', 'root.key', 'views.db']);
    expect(places(join(dir, 'ledger.db'))).toEqual(places(at('untouched.db')));
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)('a backup that is ended by %s is none', async (signal) => {
    const to = at(`ended by ${signal}`);
    const begun = (): string[] =>
      readdirSync(folder).filter((name) => name.startsWith(`ended by ${signal}.`));
    expect(
      await cutShort(['backup', '--to', to], { DATA_DIR: liveDir }, () => begun().length > 0, signal),
    ).toBe(true);
    expect(existsSync(to)).toBe(false);
    expect(begun()).toHaveLength(signal === 'SIGKILL' ? 1 : 0);
    const again = await runCli(liveDir, ['backup', '--to', to]);
    expect(again.code).toBe(0);
    expect(again.stderr.includes('broken off')).toBe(signal === 'SIGKILL');
  });
});

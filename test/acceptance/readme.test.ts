import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePorts } from '../../bin/machine/free-ports.js';
import { inOneProcess } from '../support/instance/in-one-process.js';
import { startInstance, type Instance } from '../support/instance/instance.js';

const describe = inOneProcess("the README's start is one process");

// The tour of the README, command by command, in one shell, as a reader would run it.

const root = resolve(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/^```(sh|json)\n([\s\S]*?)^```/gm)].map(([, kind, text]) => ({
  kind,
  text: text ?? '',
}));

let instance: Instance;
let standIns: ChildProcess;
let output = '';

/** As the chapter on providers says: at a port that is known, because Twilio signs it. */
async function startAsTold(): Promise<Instance> {
  const port = String((await freePorts(1, '127.0.0.1'))[0]);
  return startInstance({ environment: { PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}` } });
}

/** `npm run stand-ins` on the data of the instance. */
async function startStandIns(dataDir: string): Promise<ChildProcess> {
  const child = spawn('npm', ['run', '--silent', 'stand-ins'], {
    cwd: root,
    env: { ...process.env, DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  await once(child.stdout, 'data');
  return child;
}

beforeAll(async () => {
  instance = await startAsTold();
  standIns = await startStandIns(instance.dataDir);
  const folder = mkdtempSync(join(tmpdir(), 'optledger-readme-'));
  symlinkSync(instance.dataDir, join(folder, 'data'));
  const commands = blocks.filter(({ kind }) => kind === 'sh').map(({ text }) => text);
  const script = ['set -e', ...commands.flatMap((text) => [text, 'echo'])].join('\n');
  const shell = await promisify(execFile)('bash', ['-c', script], { cwd: folder, timeout: 60_000 });
  output = shell.stdout;
});

afterAll(async () => {
  process.kill(-(standIns.pid ?? 0), 'SIGTERM');
  await instance.stop();
});

describe('README', () => {
  it('has a tour', () => {
    expect(blocks.filter(({ kind }) => kind === 'sh').length).toBeGreaterThanOrEqual(5);
  });

  it('shows the output that its commands have', () => {
    const compact = (text: string): string => text.replace(/\s+/g, '');
    const shown = blocks.filter(({ kind }) => kind === 'json').map(({ text }) => compact(text));
    expect(shown.length).toBeGreaterThanOrEqual(3);
    for (const block of shown) {
      // What changes from run to run is shown as …
      const pattern = block.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '[^"]+');
      expect(compact(output)).toMatch(new RegExp(pattern));
    }
  });

  it('shows that both providers sent the confirmation and nothing else', () => {
    const sent = /sent: (.*)/u.exec(output)?.[1] ?? '';
    expect(sent.match(/accomplished/gu)).toHaveLength(2);
    expect(sent).not.toContain('Last chance!');
  });

  it('names only scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = [...readme.matchAll(/npm (?:run (?:--silent )?([\w:-]+)|(start|test))/g)].map(
      ([, run, other]) => run ?? other ?? '',
    );
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});

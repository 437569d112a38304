import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startInstance, type Instance } from '../support/instance.js';

// The tour of the README, command by command, in one shell, as a reader would run it.

const readme = readFileSync(resolve(import.meta.dirname, '../../README.md'), 'utf8');
const blocks = [...readme.matchAll(/^```(sh|json)\n([\s\S]*?)^```/gm)].map(([, kind, text]) => ({
  kind,
  text: text ?? '',
}));

let instance: Instance;
let output = '';

beforeAll(async () => {
  instance = await startInstance();
  const folder = mkdtempSync(join(tmpdir(), 'optledger-readme-'));
  symlinkSync(instance.dataDir, join(folder, 'data'));
  const commands = blocks.filter(({ kind }) => kind === 'sh').map(({ text }) => text);
  const script = ['set -e', ...commands.flatMap((text) => [text, 'echo'])].join('\n');
  const shell = await promisify(execFile)('bash', ['-c', script], { cwd: folder, timeout: 60_000 });
  output = shell.stdout;
});

afterAll(() => instance.stop());

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

  it('names only scripts that exist', () => {
    const { scripts } = JSON.parse(
      readFileSync(resolve(import.meta.dirname, '../../package.json'), 'utf8'),
    ) as { scripts: Record<string, string> };
    const named = [...readme.matchAll(/npm (?:run ([\w:]+)|(start|test))/g)].map(
      ([, run, other]) => run ?? other ?? '',
    );
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});

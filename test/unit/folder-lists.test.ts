import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { folderProblems } from '../../tools/folder-lists.js';
import { BESIDE, SOURCES } from '../../tools/folders.mjs';

const LISTS = ['tsconfig.json', 'tsconfig.build.json', 'Dockerfile', '.dockerignore'];

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'optledger-folders-'));
  for (const file of LISTS) cpSync(file, join(dir, file));
  for (const folder of [...SOURCES, ...BESIDE]) plant(`${folder}/a.ts`);
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

const plant = (file: string): void => {
  mkdirSync(dirname(join(dir, file)), { recursive: true });
  writeFileSync(join(dir, file), 'export const a = 1;\n');
};

describe('the one list of folders', () => {
  it('is what the repository says', () => {
    expect(folderProblems('.')).toEqual([]);
    expect(folderProblems(dir)).toEqual([]);
  });

  it.each(['billing/deep/below/a.ts', 'billing/a.mjs'])('misses a folder with %s', (file) => {
    plant(file);
    expect(folderProblems(dir)).toEqual([
      'billing/ holds code and is not in tools/folders.mjs: give it a line there, with what it may import',
    ]);
  });

  it('asks nothing of a folder without code, nor of one that tools make', () => {
    plant('docs/page.md');
    plant('dist/bin/all.js');
    plant('.cache/a.js');
    expect(folderProblems(dir)).toEqual([]);
  });

  it.each(LISTS)('is compared with %s, which cannot be built from it', (file) => {
    const text = readFileSync(file, 'utf8');
    writeFileSync(join(dir, file), text.replaceAll('ledger', 'billing'));
    expect(folderProblems(dir)).toEqual([
      `${file} leaves out ledger/`,
      `${file} names billing/, which is not in tools/folders.mjs`,
    ]);
  });
});

import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BESIDE, SOURCES } from '../../tools/folders.mjs';

/** A screen and a half. */
const LONGEST = 60;
const folders = [...SOURCES, ...BESIDE];
const readmes = folders
  .flatMap((folder) => globSync(`${folder}/**/README.md`))
  .filter((file) => !file.includes('fixtures'));

describe('the README of a folder', () => {
  it.each(folders)('is there: %s', (folder) => {
    expect(existsSync(`${folder}/README.md`)).toBe(true);
  });

  it.each(readmes)('is no longer than a screen and a half: %s', (file) => {
    expect(readFileSync(file, 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(LONGEST);
  });

  it.each(readmes)('names only files and rooms that are there: %s', (file) => {
    const text = readFileSync(file, 'utf8');
    const named = [...text.matchAll(/`([\w@][\w@./-]*(?:\.ts|\.mjs|\/))`/g)].map(([, path = '']) => path);
    const found = (path: string): boolean =>
      existsSync(path) || globSync(`${dirname(file)}/**/${path.replace(/\/$/, '')}`).length > 0;
    expect(named.filter((path) => !found(path))).toEqual([]);
  });
});

import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const tests = resolve(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(tests, file), 'utf8');

/** Rows of the tables: file and name of the test. */
const rows = read('acceptance/COVERAGE.md')
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .flatMap(([, , file = '', name = '']) => (file.startsWith('`') ? [{ file: file.slice(1, -1), name }] : []));

/** Names as they stand in the source: first argument of `it` or of what `it.each` gives. */
const NAMED = /^ {2}(?:it\(|it\.each\(.*\)\(|\]\)\()\s*'([^'\n]+)'/gm;
const OURS = 'acceptance/{wire-*,sdk-*,tokens,matrix}.test.ts';

describe('the table of what is tested where', () => {
  it('names tests that are there', () => {
    const sources = new Map(rows.map(({ file }) => [file, read(file)]));
    const gone = rows.filter(({ file, name }) => {
      const source = sources.get(file) ?? '';
      return !["'", '"', '`'].some((quote) => source.includes(`${quote}${name}${quote}`));
    });
    expect(gone).toEqual([]);
  });

  it('names every test of the wire', () => {
    const named = new Set(rows.map(({ file, name }) => `${file}: ${name}`));
    const found = globSync(OURS, { cwd: tests })
      .filter((file) => file !== 'acceptance/wire-coverage.test.ts')
      .flatMap((file) => [...read(file).matchAll(NAMED)].map(([, name = '']) => `${file}: ${name}`));
    expect(found.length).toBeGreaterThan(120);
    expect(found.filter((one) => !named.has(one))).toEqual([]);
  });
});

import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BEGIN_FIRST, inOrder } from '../support/longest-first.js';

describe('the order of test files', () => {
  it('knows only files that are there', () => {
    const gone = BEGIN_FIRST.filter((name) => !existsSync(`test/acceptance/${name}.test.ts`));
    expect(gone).toEqual([]);
  });

  it('begins with the long ones, and leaves groups and all others as they were', () => {
    const files = [
      '3 acceptance/tokens',
      '0 unit/races',
      '3 acceptance/races',
      '3 acceptance/kill',
      '0 unit/a',
    ];
    const sorted = inOrder(
      files,
      (file) => `/somewhere/test/${file.slice(2)}.test.ts`,
      (file) => Number(file[0]),
    );
    expect(sorted).toEqual([
      ...['0 unit/races', '0 unit/a'],
      ...['3 acceptance/races', '3 acceptance/kill', '3 acceptance/tokens'],
    ]);
  });
});

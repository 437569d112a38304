import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';

it('every decision record has a number of its own', () => {
  const numbers = readdirSync('docs/adr').flatMap((file) => /^\d{3}/.exec(file)?.[0] ?? []);
  expect(numbers.filter((number, n) => numbers.indexOf(number) !== n)).toEqual([]);
});

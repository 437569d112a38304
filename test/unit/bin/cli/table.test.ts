import { describe, expect, it } from 'vitest';
import { fields, printable, table, WIDTH } from '../../../../bin/cli/table.js';

const longest = (lines: readonly string[]): number =>
  Math.max(...lines.map((line) => Array.from(line).length));

describe('a table', () => {
  it('has its columns below their names', () => {
    expect(
      table(
        ['id', 'name'],
        [
          ['1', 'one'],
          ['22', 'x'],
        ],
      ),
    ).toEqual(['id  name', '1   one', '22  x']);
  });

  it('fits its width: the widest columns give way, the first one never', () => {
    const id = 'i'.repeat(40);
    const lines = table(
      ['id', 'short', 'long'],
      [
        [id, 'abc', 'l'.repeat(200)],
        [id, 'abcdef', 'm'.repeat(90)],
      ],
    );
    expect(longest(lines)).toBe(WIDTH);
    expect(lines[1]).toMatch(/^i{40} {2}abc {5}l+…$/);
    expect(lines[2]).toMatch(/ abcdef {2}m+…$/);
  });

  it('stays above its width where nothing more can give way', () => {
    expect(longest(table(['id', 'b'], [['i'.repeat(120), 'abc']]))).toBe(125);
  });

  it('counts letters, not code units', () => {
    expect(table(['a', 'b'], [['😀', 'x']])[1]).toBe('😀  x');
  });
});

describe('text from outside', () => {
  it.each([
    ['a\u001b[31mred', 'a\uFFFD[31mred'],
    ['two\nlines\r\nand\ttabs', 'two lines and tabs'],
    ['turned \u202Eround', 'turned \uFFFDround'],
    ['\u0007bell', '\uFFFDbell'],
    ['Olá 👋', 'Olá 👋'],
  ])('%j cannot change the terminal', (text, shown) => {
    expect(printable(text)).toBe(shown);
    expect(table(['x'], [[text]])[1]).toBe(shown);
    expect(fields({ x: text })[0]).toBe(`x  ${shown}`);
  });
});

describe('fields', () => {
  it('stand in two columns, without what is not given', () => {
    expect(fields({ a: 'x', longer: 3, gone: undefined, none: null })).toEqual([
      'a       x',
      'longer  3',
      'none    null',
    ]);
  });
});

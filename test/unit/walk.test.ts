import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const page = readFileSync('docs/walk.md', 'utf8');

interface Entry {
  readonly number: number;
  readonly file: string;
  readonly name: string;
  /** The entry that leads to this one. */
  readonly from: number;
  /** What both sides import instead of each other. */
  readonly through: string | undefined;
  readonly sentence: string;
}

const ENTRY =
  /^(\d+)\. `([\w./-]+\.ts)` → `(\w+)`(?: \((?:called by (\d+)|of (\d+), through `([\w./-]+)`)\))?: (.+)$/;

function parse(line: string): Entry {
  const [, number, file = '', name = '', caller, of, through, sentence = ''] = ENTRY.exec(line) ?? [];
  return {
    number: Number(number),
    file,
    name,
    from: Number(caller ?? of ?? Number(number) - 1),
    through,
    sentence,
  };
}

const entries = page
  .split('\n')
  .filter((line) => /^\d+\./.test(line))
  .map(parse);
const fileOf = (number: number): string => entries[number - 1]?.file ?? '';

/** The files that a file imports, of values or of types. */
function importsOf(file: string): readonly string[] {
  const found = readFileSync(file, 'utf8').matchAll(/from '(\.[^']+)\.js'/g);
  return [...found].map(([, path = '']) => `${join(dirname(file), path)}.ts`);
}
const touch = (one: string, other: string): boolean =>
  importsOf(one).includes(other) || importsOf(other).includes(one);

const calls = (caller: string, file: string, name: string): boolean =>
  importsOf(caller).includes(file) && new RegExp(`\\b${name}[<(]`).test(readFileSync(caller, 'utf8'));

const connected = ({ from, file, name, through }: Entry): boolean =>
  through === undefined
    ? calls(fileOf(from), file, name)
    : touch(fileOf(from), through) && (through === file || touch(file, through));

describe('the walk of one STOP', () => {
  it('has at most 40 entries, numbered in their order, one sentence each', () => {
    expect(entries.map(({ number }) => number)).toEqual(entries.map((_, n) => n + 1));
    expect(entries.length).toBeGreaterThan(30);
    expect(new Set(entries.map(({ file }) => file)).size).toBeLessThanOrEqual(40);
    expect(entries.filter(({ sentence }) => !/^[A-Z][^!?]*\.$/.test(sentence))).toEqual([]);
    expect(entries.filter(({ sentence }) => /[.] [A-Z]/.test(sentence))).toEqual([]);
  });

  it.each(entries)('$number: $file exports $name', ({ file, name }) => {
    const exported = new RegExp(`^export (async )?(function\\*?|const|class) ${name}\\b`, 'm');
    const destructured = new RegExp(`^export const \\{[^}]*\\b${name}\\b[^}]*\\} =`, 'm');
    const code = readFileSync(file, 'utf8');
    expect(exported.test(code) || destructured.test(code)).toBe(true);
  });

  it.each(entries.slice(1))('$number: one gets to $file from the entry that it names', (entry) => {
    expect(connected(entry)).toBe(true);
  });

  it('enters no room again that it left, but the ledger once, from the domain', () => {
    const folders = entries.map(({ file }) => file.split('/')[0]);
    const rooms = folders.filter((folder, n) => folder !== folders[n - 1]);
    const once = rooms.join(' ').replace('ledger domain ledger', 'ledger domain').split(' ');
    expect(once).toEqual([...new Set(once)]);
  });

  it('names no file that is not there', () => {
    const named = [...page.matchAll(/`([\w-]+\/[\w./-]+)`/g)].map(([, path = '']) => path);
    expect(named.length).toBeGreaterThan(entries.length);
    expect(named.filter((path) => !existsSync(path))).toEqual([]);
  });
});

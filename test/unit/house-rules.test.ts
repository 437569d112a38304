import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BESIDE, SOURCES } from '../../tools/folders.mjs';

const sources = globSync(`{${[...SOURCES, ...BESIDE].join(',')}}/**/*.{ts,tsx,mjs}`);

describe('house rules that no linter knows', () => {
  it('sees the sources', () => {
    expect(sources.length).toBeGreaterThan(100);
  });

  it('file names are kebab-case, and nothing is called utils', () => {
    const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.(d|test|contract|types\.test))?\.(ts|tsx|mjs)$/;
    expect(sources.filter((file) => !kebab.test(basename(file)))).toEqual([]);
    expect(sources.filter((file) => /(^|\/)(utils?|helpers?|misc)[./]/.test(file))).toEqual([]);
  });

  it('every program that a script of package.json names is there', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      scripts: Record<string, string>;
    };
    const commands = Object.values(scripts);
    const files = commands.flatMap(
      (command) => command.match(/\b(tools|bench|bin)\/[\w.-]+\.(mjs|ts)\b/g) ?? [],
    );
    const started = commands.flatMap((command) => /start\.mjs (\w+)/.exec(command)?.[1] ?? []);
    const wanted = [...files, ...started.map((name) => `bin/${name}.ts`), 'bin/all.ts'];
    expect(wanted.filter((file) => !existsSync(file))).toEqual([]);
  });
});

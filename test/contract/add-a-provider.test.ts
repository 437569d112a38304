import { execFile } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SOURCES } from '../../tools/folders.mjs';

// CONTRIBUTING.md says how a provider is added. Here that is done, in a checkout of its own, with one that exists in
// test/fixtures/toy-provider only: those files and two lines are all that it takes.

const FIXTURE = 'test/fixtures/toy-provider';
const HALVES = ['domain/schemas/provider-settings.ts', 'channels/providers.ts'] as const;
const SUITE = [
  ...['test/contract/provider*.ts', 'test/worlds/{api,provider}-world.ts', 'test/support/twilio/*.ts'],
  'test/unit/channels/providers.test.ts',
];

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'optledger-provider-'));
  for (const path of [...SOURCES, 'package.json', 'tsconfig.json', ...globSync(SUITE)])
    cpSync(path, join(dir, path), { recursive: true });
  symlinkSync(resolve('node_modules'), join(dir, 'node_modules'));
  writeFileSync(
    join(dir, 'vitest.config.ts'),
    `export default { test: { include: ['test/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 } };\n`,
  );
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const toyFiles = (): string[] =>
  globSync(`${FIXTURE}/**/*.ts`)
    .map((file) => relative(FIXTURE, file))
    .toSorted();

/** The part of CONTRIBUTING.md that begins with these words, and the files that it names. */
function guide(title: string): readonly string[] {
  const page = readFileSync('CONTRIBUTING.md', 'utf8');
  const [, text = ''] = page.split(`**${title}.**`);
  const [part = ''] = text.split(/\n(?:\*\*|## )/u);
  return [...part.matchAll(/`((?:domain|channels|test)\/[^`]+\.ts)`/gu)].map(([, file = '']) => file);
}

/** Adds an entry at the end of the first object of a file, and its import before the others. */
function register(file: string, importLine: string, entry: string): void {
  const path = join(dir, file);
  const code = readFileSync(path, 'utf8').replace(/= \{\s*([^}]*?),?\s*\};/u, `= { $1, ${entry} };`);
  writeFileSync(path, `${importLine}\n${code}`);
}

function typeErrors(only: (file: string) => boolean, before?: ts.Program): [string[], ts.Program] {
  const config = ts.readConfigFile(join(dir, 'tsconfig.json'), (path) => ts.sys.readFile(path));
  const given: unknown = { ...(config.config as object), include: ['channels'], exclude: [] };
  const { fileNames, options } = ts.parseJsonConfigFileContent(given, ts.sys, dir);
  const program = ts.createProgram({ rootNames: fileNames, options, ...(before && { oldProgram: before }) });
  const found = program
    .getSourceFiles()
    .filter(({ fileName }) => only(relative(dir, fileName)))
    .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]);
  const texts = found.map(
    ({ file, messageText }) =>
      `${relative(dir, file?.fileName ?? '')}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
  );
  return [texts, program];
}

describe('adding a provider', () => {
  it('takes the files that CONTRIBUTING.md names, and no others', () => {
    const named = guide('a provider');
    expect(named).toEqual(expect.arrayContaining([...HALVES]));
    const own = named
      .filter((file) => file.includes('<name>'))
      .map((file) => file.replaceAll('<name>', 'toy'));
    expect([...new Set(own)].toSorted()).toEqual(toyFiles());
  });

  it('does not compile by halves; whole, it compiles and keeps to what every provider keeps to', async () => {
    cpSync(FIXTURE, dir, { recursive: true });
    register(HALVES[0], `import { toySettings } from './providers/toy.js';`, 'toy: toySettings');
    const [half, program] = typeErrors((file) => file === HALVES[1]);
    expect(half.join('\n')).toMatch(/^channels\/providers\.ts: Property 'toy' is missing/u);

    register(HALVES[1], `import { toy } from './toy/toy-provider.js';`, 'toy');
    const suite = promisify(execFile)(
      process.execPath,
      ['node_modules/vitest/vitest.mjs', 'run', 'test/contract/provider-toy.test.ts', 'test/unit'],
      { cwd: dir, env: { PATH: process.env['PATH'], NO_COLOR: '1' } },
    );
    // Settled later; a failure is not to count as unhandled meanwhile.
    suite.catch(() => undefined);
    const [errors] = typeErrors((file) => /^(?:channels|domain)\//u.test(file), program);
    expect(errors).toEqual([]);
    const { stdout } = await suite;
    expect(stdout).toMatch(/Test Files\s+2 passed/u);
  }, 120_000);
});

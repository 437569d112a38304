import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';
import { PURE, SOURCES } from '../../tools/folders.mjs';

const eslint = new ESLint();

async function rulesBrokenBy(code: string, filePath: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(`${code}\n`, { filePath });
  return result?.messages.map(({ ruleId }) => ruleId) ?? [];
}

const READS = [
  ['no-restricted-syntax', 'export const a = () => Date.now();'],
  ['no-restricted-syntax', 'export const a = () => new Date();'],
  ['no-restricted-syntax', 'export const a = () => Date();'],
  ['no-restricted-syntax', 'export const a = () => performance.now();'],
  ['no-restricted-syntax', 'export const a = () => process.hrtime.bigint();'],
  ['no-restricted-syntax', 'export const a = () => Math.random();'],
  ['no-restricted-syntax', `export const a = () => process.env['HOME'];`],
  ['no-restricted-globals', 'export const a = () => crypto.randomUUID();'],
  ['no-restricted-imports', `export { randomUUID } from 'node:crypto';`],
  ['no-restricted-imports', `import * as all from 'node:crypto';\nexport const a = all.randomBytes(1);`],
  ['no-restricted-imports', `export { v4 } from 'uuid';`],
  ['no-restricted-imports', `export { ulid } from 'ulid';`],
  ['no-restricted-imports', `export { performance } from 'node:perf_hooks';`],
  ['no-restricted-imports', `export { env } from 'node:process';`],
] as const;

describe('clock, chance and environment', () => {
  it.each(SOURCES)('are not read in %s', async (folder) => {
    for (const [rule, code] of READS) {
      expect(await rulesBrokenBy(code, `${folder}/deep/planted.ts`), code).toContain(rule);
    }
  });

  it('are read in the places made for it, and there nothing else is', async () => {
    const [clock, chance, environment] = [READS[0][1], READS[8][1], READS[6][1]];
    expect(await rulesBrokenBy(clock, 'bin/machine/system-clock.ts')).toEqual([]);
    expect(await rulesBrokenBy(environment, 'bin/machine/system-clock.ts')).not.toEqual([]);
    expect(await rulesBrokenBy(chance, 'bin/machine/chance.ts')).toEqual([]);
    expect(await rulesBrokenBy(clock, 'bin/machine/chance.ts')).not.toEqual([]);
    expect(await rulesBrokenBy(environment, 'bin/config.ts')).toEqual([]);
    expect(await rulesBrokenBy(clock, 'bin/config.ts')).not.toEqual([]);
  });

  it.each(PURE)('a wait, a Node built-in and the process are not for %s either', async (folder) => {
    const codes = [
      'export const a = (f: () => void) => setTimeout(f, 1);',
      `export { join } from 'node:path';`,
      'export const a = process.pid;',
    ];
    for (const code of codes) expect(await rulesBrokenBy(code, `${folder}/planted.ts`), code).not.toEqual([]);
  });
});

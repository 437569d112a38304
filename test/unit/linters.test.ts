import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';
import { TYPED_RULE_VIOLATIONS } from '../support/typed-rule-violations.js';

const oxlint = resolve('node_modules/.bin/oxlint');

/** Rules of the strict preset that are off on purpose; .oxlintrc.json says why. */
const OFF = ['no-unnecessary-condition', 'require-await'];
/** What oxlint does not have; docs/adr/017 says what that loses. */
const UNKNOWN_TO_OXLINT = ['no-unsafe-class-instance-assignment'];
/** Rules that we have on and the preset has not. */
const ADDED = ['switch-exhaustiveness-check'];

interface OxlintConfig {
  overrides: { files: string[]; rules: Record<string, string | [string, ...unknown[]]> }[];
}

interface OxlintReport {
  diagnostics: { code: string; filename: string; severity: string }[];
}

/** What a rule of typescript-eslint says of itself; the type of the plugin leaves it out. */
interface PresetRule {
  readonly meta?: { readonly docs?: { readonly requiresTypeChecking?: boolean } };
}

/** The names of the rules that need types and that our ESLint would check, had it types. */
function typedRulesOfThePreset(): string[] {
  const { rules } = tseslint.plugin as unknown as { rules: Record<string, PresetRule> };
  const levels = new Map(
    tseslint.configs.strictTypeChecked.flatMap((config) => Object.entries(config.rules ?? {})),
  );
  return Object.entries(rules).flatMap(([name, rule]) => {
    const [level] = [levels.get(`@typescript-eslint/${name}`)].flat() as unknown[];
    return rule.meta?.docs?.requiresTypeChecking === true && level === 'error' ? [name] : [];
  });
}

function typedRulesOfOxlint(): string[] {
  const text = readFileSync('.oxlintrc.json', 'utf8').replaceAll(/^\s*\/\/.*$/gm, '');
  const { overrides } = JSON.parse(text) as OxlintConfig;
  const rules = overrides.find(({ files }) => files.includes('**/*.{ts,tsx}'))?.rules ?? {};
  return Object.entries(rules).flatMap(([name, level]) =>
    [level].flat()[0] === 'error' ? [name.replace('typescript/', '')] : [],
  );
}

/** What oxlint says of the violations, each in a file named after its rule: file and rule. */
function lintPlanted(): { file: string; rule: string }[] {
  const dir = mkdtempSync(join(tmpdir(), 'optledger-lint-'));
  try {
    mkdirSync(join(dir, 'ledger'));
    symlinkSync(resolve('node_modules'), join(dir, 'node_modules'));
    for (const file of ['.oxlintrc.json', 'tsconfig.json']) cpSync(file, join(dir, file));
    for (const [rule, code] of Object.entries(TYPED_RULE_VIOLATIONS)) {
      writeFileSync(join(dir, 'ledger', `${rule}.ts`), `${code}\n`);
    }
    const { stdout, stderr } = spawnSync(oxlint, ['-f', 'json', 'ledger'], { cwd: dir, encoding: 'utf8' });
    expect(stderr).toBe('');
    return (JSON.parse(stdout) as OxlintReport).diagnostics
      .filter(({ severity }) => severity === 'error')
      .map(({ code, filename }) => ({
        file: basename(filename, '.ts'),
        rule: /\((.*)\)/.exec(code)?.[1] ?? code,
      }));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

describe('the two linters', () => {
  it('leave out no rule of the strict preset that needs types', () => {
    const wanted = typedRulesOfThePreset().filter((name) => ![...OFF, ...UNKNOWN_TO_OXLINT].includes(name));
    expect(wanted.length).toBeGreaterThan(35);
    expect(typedRulesOfOxlint().sort()).toEqual([...wanted, ...ADDED].sort());
  });

  it('still lack what oxlint did not know', () => {
    const known = JSON.parse(execFileSync(oxlint, ['--rules', '-f', 'json'], { encoding: 'utf8' })) as {
      value: string;
    }[];
    expect(known.map(({ value }) => value).filter((name) => UNKNOWN_TO_OXLINT.includes(name))).toEqual([]);
  });

  it('find a violation of each rule that needs types', () => {
    const found = lintPlanted();
    const bites = (name: string) => found.some(({ file, rule }) => file === name && rule === name);
    expect(Object.keys(TYPED_RULE_VIOLATIONS).filter((name) => !bites(name))).toEqual([]);
    expect(Object.keys(TYPED_RULE_VIOLATIONS).sort()).toEqual(typedRulesOfOxlint().sort());
  });
});

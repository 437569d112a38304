import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { PURE, SOURCES } from './tools/folders.mjs';

const below = (...folders) => folders.map((folder) => `${folder}/**/*.{ts,tsx}`);

/** What is an argument everywhere but in the places made for it, so that a test can say what it is. */
const CLOCK = [
  'MemberExpression[object.name="Date"][property.name="now"]',
  'NewExpression[callee.name="Date"][arguments.length=0]',
  'CallExpression[callee.name="Date"]',
  'MemberExpression[object.name="performance"][property.name=/^(now|timeOrigin)$/]',
  'MemberExpression[object.name="process"][property.name="hrtime"]',
].map((selector) => ({
  selector,
  message: 'The clock is an argument here; bin/machine/system-clock.ts is the one place that reads it.',
}));
const CHANCE = {
  selector: 'MemberExpression[object.name="Math"][property.name="random"]',
  message: 'Randomness is an argument here.',
};
const NO_CHANCE = 'Randomness is an argument here; bin/machine/chance.ts makes ids.';
const READS_BY_IMPORT = [
  {
    name: 'node:crypto',
    importNames: ['randomBytes', 'randomFill', 'randomFillSync', 'randomInt', 'randomUUID', 'webcrypto'],
    message: NO_CHANCE,
  },
  { name: 'uuid', importNames: ['v1', 'v4', 'v6', 'v7'], message: NO_CHANCE },
  { name: 'ulid', message: NO_CHANCE },
  { name: 'node:perf_hooks', message: 'The clock is an argument here.' },
  { name: 'node:process', message: 'The environment is read in bin/config.ts only.' },
];
/** Where chance is the point: a nonce or a secret that an argument could bring twice would not be one. */
const MAKES_SECRETS = [
  'ledger/keys/root-key.ts',
  'ledger/keys/root-key-file.ts',
  'ledger/commands/access-keys.ts',
];
/** A new ULID of a given time, and the machine's own ids. */
const MAKES_IDS = ['ledger/event-ids.ts', 'bin/machine/chance.ts'];
const OUTSIDE_WORLD = [
  ...['process', 'fetch', 'crypto', 'performance', 'Buffer', 'WebSocket'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'queueMicrotask'],
];

/** House rules for every TypeScript file. A list given again replaces the one before, so it is built from parts. */
const EVERYWHERE = [
  { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
  { selector: 'TSEnumDeclaration', message: 'A union or `as const` instead of an enum.' },
  { selector: 'TSModuleDeclaration[kind="namespace"]', message: 'No namespaces.' },
  { selector: 'TSParameterProperty', message: 'No parameter properties.' },
  {
    selector:
      'CallExpression[callee.object.name="vi"][callee.property.name=/^(mock|doMock|hoisted|stubGlobal)$/]',
    message: 'Fakes, not mocks.',
  },
];
const ENVIRONMENT = {
  selector: 'MemberExpression[object.name="process"][property.name="env"]',
  message: 'The environment is read in bin/config.ts only.',
};

const restrict = (...rules) => ({ 'no-restricted-syntax': ['error', ...EVERYWHERE, ...rules] });
const maxLines = (max) => ({ 'max-lines': ['error', { max }] });

// The rules that need types are oxlint's: .oxlintrc.json, and docs/adr/017-typed-rules-by-oxlint.md for who checks what.
export default defineConfig(
  globalIgnores(['dist/', 'coverage/', 'data/', '.cache/', 'test/fixtures/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strict],
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      ...restrict(ENVIRONMENT),
      ...maxLines(250),
    },
  },
  {
    files: below(...SOURCES),
    rules: {
      'max-lines-per-function': ['error', { max: 80, skipComments: true }],
      ...restrict(ENVIRONMENT, ...CLOCK, CHANCE),
      'no-restricted-globals': ['error', { name: 'crypto', message: NO_CHANCE }],
      'no-restricted-imports': ['error', { paths: READS_BY_IMPORT }],
    },
  },
  {
    files: below(...PURE),
    rules: {
      'no-restricted-globals': ['error', ...OUTSIDE_WORLD],
      'no-restricted-imports': [
        'error',
        {
          paths: READS_BY_IMPORT,
          patterns: [{ group: ['node:*'], message: 'Pure here: no Node built-ins.' }],
        },
      ],
    },
  },
  // The places made for it.
  { files: ['bin/config.ts'], rules: restrict(...CLOCK, CHANCE) },
  { files: ['bin/machine/system-clock.ts'], rules: restrict(ENVIRONMENT, CHANCE) },
  { files: [...MAKES_SECRETS, ...MAKES_IDS], rules: { 'no-restricted-imports': 'off' } },
  // Tests and measurements start processes and hand them an environment, and say what they measured.
  {
    files: below('test', 'bench'),
    rules: {
      ...restrict(),
      ...maxLines(300),
      'no-console': 'off',
    },
  },
  { files: ['*.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['**/*.{js,mjs,cjs}'],
    extends: [tseslint.configs.base],
    rules: { eqeqeq: 'error', 'prefer-const': 'error', ...maxLines(250) },
  },
);

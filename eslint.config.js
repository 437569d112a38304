import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const SOURCES = [
  'domain',
  'ledger',
  'projections',
  'http-client',
  'channels',
  'reactor',
  'workflows',
  'activities',
  'api',
  'bin',
];
const below = (...folders) => folders.map((folder) => `${folder}/**/*.{ts,tsx}`);

/** What must be an argument where the same input has to give the same answer, always. */
const CLOCK_AND_CHANCE = [
  {
    selector: 'MemberExpression[object.name="Date"][property.name="now"]',
    message: 'The clock is an argument here.',
  },
  {
    selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
    message: 'The clock is an argument here.',
  },
  { selector: 'CallExpression[callee.name="Date"]', message: 'The clock is an argument here.' },
  {
    selector: 'MemberExpression[object.name="Math"][property.name="random"]',
    message: 'Randomness is an argument here.',
  },
];
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
  globalIgnores(['dist/', 'coverage/', 'data/', '.cache/']),
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
    rules: { 'max-lines-per-function': ['error', { max: 80, skipComments: true }] },
  },
  {
    files: below('domain', 'workflows'),
    rules: {
      ...restrict(ENVIRONMENT, ...CLOCK_AND_CHANCE),
      'no-restricted-globals': ['error', ...OUTSIDE_WORLD],
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['node:*'], message: 'Pure here: no Node built-ins.' }] },
      ],
    },
  },
  { files: ['bin/config.ts'], rules: restrict() },
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

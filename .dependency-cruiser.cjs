/**
 * Who may import whom; the only place where that is written down. `type:` before a name: its types only.
 * `test` and `bench` may import everything, nobody imports them or `bin`.
 */
const ALLOWED = {
  domain: [],
  ledger: ['domain'],
  'http-client': ['domain'],
  channels: ['domain', 'http-client'],
  projections: ['domain', 'ledger'],
  reactor: ['domain', 'ledger', 'projections'],
  activities: ['domain', 'ledger', 'channels', 'http-client'],
  workflows: ['domain', 'type:activities'],
  api: ['domain', 'ledger', 'projections', 'channels', 'http-client'],
  bin: [
    'domain',
    'ledger',
    'projections',
    'channels',
    'http-client',
    'reactor',
    'activities',
    'workflows',
    'api',
  ],
};
const KNOWS_TEMPORAL = ['workflows', 'activities', 'bin'];
const ZOD_IN_DOMAIN = '^domain/schemas/';

const folders = Object.keys(ALLOWED);
const oneOf = (names) => `^(${names.join('|')})/`;
const valuesOf = (names) => names.filter((name) => !name.startsWith('type:'));
const typesOf = (names) => names.filter((name) => name.startsWith('type:')).map((name) => name.slice(5));

const layerRules = folders.map((folder) => ({
  name: `layer-${folder}`,
  comment: `${folder} may import ${ALLOWED[folder].join(', ') || 'no other folder'}`,
  severity: 'error',
  from: { path: `^${folder}/` },
  to: {
    path: oneOf([...folders, 'test', 'bench', 'tools']),
    pathNot: oneOf([folder, ...valuesOf(ALLOWED[folder]), ...typesOf(ALLOWED[folder])]),
  },
}));

const typeOnlyRules = folders
  .filter((folder) => typesOf(ALLOWED[folder]).length > 0)
  .map((folder) => ({
    name: `types-only-${folder}`,
    comment: `${folder} may import only types of ${typesOf(ALLOWED[folder]).join(', ')}`,
    severity: 'error',
    from: { path: `^${folder}/` },
    to: { path: oneOf(typesOf(ALLOWED[folder])), dependencyTypesNot: ['type-only'] },
  }));

const error = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...layerRules,
    ...typeOnlyRules,
    error('circular', 'no cycles', {}, { circular: true }),
    error(
      'pure',
      'no Node built-ins',
      { path: oneOf(['domain', 'workflows']) },
      { dependencyTypes: ['core'] },
    ),
    error(
      'domain-packages',
      'the domain knows zod, in its schema files only',
      { path: '^domain/', pathNot: ZOD_IN_DOMAIN },
      { path: 'node_modules/' },
    ),
    error(
      'domain-schemas',
      'and there nothing else',
      { path: ZOD_IN_DOMAIN },
      { path: 'node_modules/(?!zod/)' },
    ),
    error(
      'temporal',
      `only ${KNOWS_TEMPORAL.join(', ')} know Temporal`,
      { path: '^[a-z-]+/', pathNot: oneOf([...KNOWS_TEMPORAL, 'test', 'bench']) },
      { path: 'node_modules/@temporalio/' },
    ),
    error(
      'ledger-client',
      'the port stays free of the types of a store',
      { path: '^[a-z-]+/', pathNot: oneOf(['ledger/kurrent', 'test']) },
      { path: 'node_modules/@eventstore/' },
    ),
    error(
      'sends-through-the-port',
      'channels know of outgoing HTTP its port, its address checks and its headers; they are handed a sender',
      { path: '^channels/' },
      { path: '^http-client/(guarded-|http-exchange|http-faults|host-lookup)' },
    ),
    error('unresolved', 'what is imported must be there', {}, { couldNotResolve: true }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};

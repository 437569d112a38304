const { BESIDE, KNOWS_TEMPORAL, LAYERS, PURE, SOURCES } = require('./tools/folders.mjs');

// Who may import whom, by the table in tools/folders.mjs, and which packages a folder may know.
const ZOD_IN_DOMAIN = '^domain/schemas/';
const NUMBERS_IN_DOMAIN = '^domain/identity/e164\\.ts$';

const oneOf = (names) => `^(${names.join('|')})/`;
const valuesOf = (names) => names.filter((name) => !name.startsWith('type:'));
const typesOf = (names) => names.filter((name) => name.startsWith('type:')).map((name) => name.slice(5));

const layerRules = SOURCES.map((folder) => ({
  name: `layer-${folder}`,
  comment: `${folder} may import ${LAYERS[folder].join(', ') || 'no other folder'}`,
  severity: 'error',
  from: { path: `^${folder}/` },
  to: {
    path: oneOf([...SOURCES, ...BESIDE]),
    pathNot: oneOf([folder, ...valuesOf(LAYERS[folder]), ...typesOf(LAYERS[folder])]),
  },
}));

const typeOnlyRules = SOURCES.filter((folder) => typesOf(LAYERS[folder]).length > 0).map((folder) => ({
  name: `types-only-${folder}`,
  comment: `${folder} may import only types of ${typesOf(LAYERS[folder]).join(', ')}`,
  severity: 'error',
  from: { path: `^${folder}/` },
  to: { path: oneOf(typesOf(LAYERS[folder])), dependencyTypesNot: ['type-only'] },
}));

const error = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...layerRules,
    ...typeOnlyRules,
    error('circular', 'no cycles', {}, { circular: true }),
    error('pure', 'no Node built-ins', { path: oneOf(PURE) }, { dependencyTypes: ['core'] }),
    error(
      'domain-packages',
      'the domain knows zod, in its schema files only, and libphonenumber-js, in one file',
      { path: '^domain/', pathNot: [ZOD_IN_DOMAIN, NUMBERS_IN_DOMAIN] },
      { path: 'node_modules/' },
    ),
    error(
      'domain-numbers',
      'and there nothing else',
      { path: NUMBERS_IN_DOMAIN },
      { path: 'node_modules/(?!libphonenumber-js/)' },
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

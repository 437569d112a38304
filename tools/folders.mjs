// The only list of the folders that hold code, and who may import whom. Whatever needs their names is built from it;
// what cannot be built, as it is JSON or a Dockerfile, is compared with it by `npm run layers`.

/** The product's folders from the bottom up, each with those that it may import. `type:` before a name: its types only. */
export const LAYERS = {
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

export const SOURCES = Object.keys(LAYERS);

/** Code beside the product: it may import everything, and nobody imports it. */
export const BESIDE = ['test', 'bench', 'tools'];

/** The same input gives the same answer, always: no clock, no chance, no environment, no Node built-ins. */
export const PURE = ['domain', 'workflows'];

/** The only ones that know Temporal's packages. */
export const KNOWS_TEMPORAL = ['workflows', 'activities', 'bin'];

/** Run inside a sandbox or in processes of their own, where no test run can count their lines. */
export const UNCOUNTED = ['workflows', 'bin'];

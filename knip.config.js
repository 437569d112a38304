import { BESIDE, SOURCES } from './tools/folders.mjs';

const withCode = [...SOURCES, ...BESIDE].filter((folder) => folder !== 'tools');

/** @type {import('knip').KnipConfig} */
export default {
  entry: [
    'bin/{all,api,reactor,worker,cli,demo,openapi,reference,bundle-workflows,get-temporal}.ts',
    'workflows/index.ts',
    'bench/run.ts',
    'bench/peers/*-{process,workflow}.ts',
    'tools/*.mjs',
    'test/support/**/*-{main,parent}.ts',
    'test/histories/record.ts',
  ],
  // A provider for a checkout of its own, see test/contract/add-a-provider.test.ts.
  ignore: ['test/fixtures/**'],
  ignoreBinaries: ['haproxy'],
  ignoreExportsUsedInFile: true,
  project: [`{${withCode.join(',')}}/**/*.ts`, 'tools/*.{mjs,ts}'],
};

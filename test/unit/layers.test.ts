import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { drawLayers, withDrawing } from '../../tools/diagram.js';
import { SOURCES } from '../../tools/folders.mjs';
import { checkLayers } from '../../tools/layers.js';

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'optledger-layers-'));
  symlinkSync(resolve('node_modules'), join(dir, 'node_modules'));
  for (const folder of [...SOURCES, 'test']) plant(`${folder}/clean.ts`, `export const clean = '${folder}';`);
  plant('http-client/guarded-http.ts', 'export const send = 1;');
});

afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

const plant = (file: string, code: string): void => {
  mkdirSync(dirname(join(dir, file)), { recursive: true });
  writeFileSync(join(dir, file), `${code}\n`);
};

const violations = async (): Promise<string[]> => (await checkLayers(dir, [...SOURCES, 'test'])).violations;

/** A value import that the bundler keeps. */
const use = (module: string): string => `import * as used from '${module}';\nexport const planted = used;`;

describe('the layer check', () => {
  it('passes a clean tree, with every import that the table allows', async () => {
    plant('ledger/a.ts', use('../domain/clean.js'));
    plant('channels/a.ts', use('../domain/clean.js') + `\nexport { ipaddr } from './b.js';`);
    plant('channels/b.ts', `import ipaddr from 'ipaddr.js';\nexport { ipaddr };`);
    plant('reactor/a.ts', use('../projections/clean.js'));
    plant('activities/a.ts', use('@temporalio/activity'));
    plant(
      'workflows/a.ts',
      `import type { clean } from '../activities/clean.js';\nexport type A = typeof clean;`,
    );
    plant('domain/schemas/a.ts', use('zod'));
    plant('bin/a.ts', use('../workflows/clean.js'));
    expect(await violations()).toEqual([]);
  });

  it.each([
    ['layer-domain', 'domain', '../api/clean.js'],
    ['layer-domain', 'domain', '../ledger/clean.js'],
    ['layer-ledger', 'ledger', '../channels/clean.js'],
    ['layer-channels', 'channels', '../ledger/clean.js'],
    ['layer-projections', 'projections', '../reactor/clean.js'],
    ['layer-projections', 'projections', '../bin/clean.js'],
    ['layer-reactor', 'reactor', '../workflows/clean.js'],
    ['layer-activities', 'activities', '../projections/clean.js'],
    ['layer-workflows', 'workflows', '../ledger/clean.js'],
    ['layer-api', 'api', '../activities/clean.js'],
    ['layer-api', 'api', '../test/clean.js'],
    ['types-only-workflows', 'workflows', '../activities/clean.js'],
    ['pure', 'domain', 'node:fs'],
    ['pure', 'workflows', 'node:crypto'],
    ['domain-packages', 'domain', 'zod'],
    ['domain-packages', 'domain', 'fastify'],
    ['domain-packages', 'domain', 'libphonenumber-js/max'],
    ['temporal', 'reactor', '@temporalio/client'],
    ['ledger-client', 'ledger', '@eventstore/db-client'],
    ['ledger-client', 'bin', '@eventstore/db-client'],
    ['temporal', 'api', '@temporalio/common'],
    ['sends-through-the-port', 'channels', '../http-client/guarded-http.js'],
    ['unresolved', 'ledger', './absent.js'],
  ])('%s bites: %s imports %s', async (rule, folder, module) => {
    plant(`${folder}/planted.ts`, use(module));
    expect(await violations()).toContainEqual(
      expect.stringMatching(new RegExp(`^${rule}: ${folder}/planted\\.ts → `)),
    );
  });

  it('bites on a cycle', async () => {
    plant('ledger/a.ts', use('./b.js'));
    plant('ledger/b.ts', use('./a.js'));
    expect((await violations()).join()).toContain('circular: ledger/a.ts');
  });

  it('bites when a workflow reaches zod over a file that may import it', async () => {
    plant('domain/schemas/event-schemas.ts', use('zod'));
    plant('domain/middle.ts', use('./schemas/event-schemas.js'));
    plant('workflows/a.ts', use('../domain/middle.js'));
    expect((await violations()).join()).toMatch(/bundle: .*event-schemas\.ts.* → .*node_modules\/zod/);
  });
});

describe('the drawing', () => {
  it('shows folders, types as dots, and leaves the arrows of bin out', async () => {
    plant(
      'workflows/a.ts',
      `import type { clean } from '../activities/clean.js';\nexport type A = typeof clean;`,
    );
    plant('ledger/a.ts', use('../domain/clean.js'));
    plant('bin/a.ts', use('../domain/clean.js'));
    const { modules } = await checkLayers(dir, SOURCES);
    expect(drawLayers(modules, SOURCES).split('\n')).toEqual([
      '```mermaid',
      'flowchart BT',
      '  ledger --> domain',
      '  workflows -.-> activities',
      '```',
    ]);
  });

  it('stands between its markers', () => {
    const page = 'a\n<!-- layers:begin -->\nold\n<!-- layers:end -->\nb';
    expect(withDrawing(page, 'new')).toBe('a\n<!-- layers:begin -->\n\nnew\n\n<!-- layers:end -->\nb');
    expect(withDrawing('no place', 'new')).toBeUndefined();
  });
});

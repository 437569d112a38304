import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { POLICY } from '../../../bin/wiring/policy.js';
import { processConfig } from '../../../bin/config.js';
import { obtainTemporal } from '../../../bin/temporal/temporal-ladder.js';
import { linkTemporal } from '../../../bin/temporal/temporal-link.js';
import { startTemporalServer } from '../../../bin/temporal/temporal-server.js';

declare module 'vitest' {
  interface ProvidedContext {
    temporalExecutable: string;
  }
}

interface Project {
  readonly name: string;
  provide: (key: 'temporalExecutable', value: string) => void;
}

/**
 * Gives tests `inject('temporalExecutable')`, and the processes that they start TEMPORAL_EXECUTABLE and Node's cache
 * of compiled code. The acceptance level also gets one server for all instances that need none of their own.
 * @returns the way to end it
 */
export async function setup(project: Project): Promise<() => Promise<void>> {
  const { temporal, machine } = processConfig();
  const executable = temporal.executable ?? (await obtainTemporal({ machine, say: console.log })).executable;
  process.env['TEMPORAL_EXECUTABLE'] = executable;
  // Some two hundred processes of the same code are started: each would compile it anew, for a second.
  process.env['NODE_COMPILE_CACHE'] ??= resolve(import.meta.dirname, '../../../.cache/compiled');
  project.provide('temporalExecutable', executable);
  // On roles each data folder has its engines.
  const isShared = project.name === 'acceptance' && process.env['OPTLEDGER_TOPOLOGY'] !== 'roles';
  return isShared ? startShared(executable) : () => Promise.resolve();
}

async function startShared(executable: string): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'optledger-temporal-'));
  const server = await startTemporalServer({ executable, dbFile: join(folder, 'temporal.db') });
  // Sets the namespace up, so that no two instances do it at the same time.
  const { address } = server;
  const link = await linkTemporal({
    ...{ address, namespace: 'default', isOurs: true, ledgerId: 'none', times: POLICY.temporal },
    say: console.log,
  });
  await link.close();
  process.env['TEST_TEMPORAL_ADDRESS'] = address;
  return async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}

import { defineConfig } from 'vitest/config';
import { SOURCES, UNCOUNTED } from './tools/folders.mjs';
import { LongestFirst } from './test/support/longest-first.js';

interface Level {
  name: 'unit' | 'contract' | 'integration' | 'acceptance';
  /** Files at the same time; two cores are assumed. */
  workers: number;
  timeoutMs: number;
  /** Whether each file gets a process of its own, or all modules stay loaded from one file to the next. */
  isolate: boolean;
  /** Whether the level runs a real Temporal server. */
  temporal: boolean;
}

/** Six processes and a ledger server for each file of the acceptance level: one file at a time, and more patience. */
const onRoles = process.env['OPTLEDGER_TOPOLOGY'] === 'roles';

const LEVELS: readonly Level[] = [
  // No module of the product remembers anything, and loading zod and fastify anew for each of 150 files took longer than
  // the tests. A test that fakes timers puts them back.
  { name: 'unit', workers: 2, timeoutMs: 10_000, isolate: false, temporal: false },
  { name: 'contract', workers: 2, timeoutMs: 20_000, isolate: true, temporal: false },
  { name: 'integration', workers: 3, timeoutMs: 60_000, isolate: true, temporal: true },
  // Whole instances, which mostly wait: for a timer, a restart, a sweep.
  {
    name: 'acceptance',
    workers: onRoles ? 1 : 2,
    timeoutMs: onRoles ? 300_000 : 120_000,
    isolate: true,
    temporal: true,
  },
];

const COUNTED = SOURCES.filter((folder) => !UNCOUNTED.includes(folder));
const full = { lines: 100, branches: 100, functions: 100, statements: 100 };
const most = { lines: 90, branches: 90, functions: 90, statements: 90 };

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: LEVELS.map(({ name, workers, timeoutMs, isolate, temporal }, index) => ({
      test: {
        name,
        include: [`test/${name}/**/*.test.ts`],
        pool: 'forks',
        isolate,
        maxWorkers: workers,
        testTimeout: timeoutMs,
        hookTimeout: Math.max(timeoutMs, 60_000),
        globalSetup: temporal ? ['test/support/temporal/temporal-setup.ts'] : [],
        // Levels one after another; required where their numbers of workers differ. Those without Temporal share their two
        // workers, so that none idles while the other level's last file waits for a clock.
        sequence: { groupOrder: temporal ? index : 0 },
      },
    })),
    coverage: {
      provider: 'v8',
      reportOnFailure: true,
      include: COUNTED.map((dir) => `${dir}/**/*.ts`),
      reporter: ['text-summary', 'html', 'json-summary'],
      thresholds: {
        ...Object.fromEntries(COUNTED.map((dir) => [`${dir}/**`, dir === 'domain' ? full : most])),
      },
    },
  },
});

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './run.mjs';

/** Where each level leaves vitest's JSON. */
export const resultsFolder = join(root, '.cache', 'test-results');

/** What one level did; all 0 where it left no result. */
export function resultsOf(file) {
  if (!existsSync(file)) return { passed: 0, failed: 0, skipped: 0 };
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
    readFileSync(file, 'utf8'),
  );
  // A file that could not be loaded has no tests, yet it failed.
  const unloaded = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  return {
    passed: numPassedTests,
    failed: numFailedTests + unloaded.length,
    skipped: numPendingTests + numTodoTests,
  };
}

/** The sum over all levels that left a result. */
export function sumOfResults() {
  const files = existsSync(resultsFolder) ? readdirSync(resultsFolder) : [];
  return files
    .map((name) => resultsOf(join(resultsFolder, name)))
    .reduce(
      (sum, level) => ({
        passed: sum.passed + level.passed,
        failed: sum.failed + level.failed,
        skipped: sum.skipped + level.skipped,
      }),
      { passed: 0, failed: 0, skipped: 0 },
    );
}

export function describeResults({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.stdout.write(`${describeResults(sumOfResults())}\n`);
}

import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Acceptance files that take half a minute and more, in the order in which they begin: longest first, so that none is
 * left over at the end, and one that mostly waits (for a sweep, a retry, a receiver) beside one that works.
 */
export const BEGIN_FIRST: readonly string[] = [
  ...['roles-chaos', 'many-waiting', 'races', 'ledger-server', 'cli', 'sinch-provider', 'copy-of-many'],
  ...['rebuilt-views', 'workflows-terminated', 'backup', 'kill', 'doctor', 'temporal-loss', 'superseded'],
  ...['callback-retry', 'degraded', 'two-instances', 'roles', 'receiver-down', 'sms-corpus', 'bad-input'],
];

/** Vitest's own order where no place is given: failed ones first, then by the last run's time, else by size. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return inOrder(
      await super.sort(files),
      ({ moduleId }) => moduleId,
      ({ project }) => project.config.sequence.groupOrder,
    );
  }
}

/** Groups stay apart; within one the files with a place come first. */
export function inOrder<T>(
  files: readonly T[],
  pathOf: (file: T) => string,
  groupOf: (file: T) => number,
): T[] {
  return files.toSorted((a, b) => groupOf(a) - groupOf(b) || placeOf(pathOf(a)) - placeOf(pathOf(b)));
}

function placeOf(path: string): number {
  const place = path.includes('/acceptance/') ? BEGIN_FIRST.indexOf(basename(path, '.test.ts')) : -1;
  return place === -1 ? BEGIN_FIRST.length : place;
}

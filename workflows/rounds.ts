import { patched } from '@temporalio/workflow';

/** Histories of before gave up here. */
const FIRST_ROUNDS = 5;
const ROUNDS = 30;

/**
 * Whether a batch tries once more what could not begin within an activity's second. On a busy machine better the rest
 * again, for half a minute, than a workflow for each, which costs it many times more.
 * @param round from 1
 */
export function mayBegin(round: number): boolean {
  return round <= FIRST_ROUNDS || (round <= ROUNDS && patched('thirty-rounds'));
}

import { patched } from '@temporalio/workflow';

/** Workflows that began before `thirty-rounds` gave up after so many, and their histories have to replay. */
const FIRST_ROUNDS = 5;
const ROUNDS = 30;

/**
 * Whether a batch tries once more what could not begin while its activity lasted. On a busy machine it is better to try
 * the rest again, for half a minute, than to start a workflow for each item, which costs many times more.
 * @param round from 1
 */
export function mayBegin(round: number): boolean {
  return round <= FIRST_ROUNDS || (round <= ROUNDS && patched('thirty-rounds'));
}

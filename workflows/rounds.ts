import { patched } from '@temporalio/workflow';

/** Workflows that began before `thirty-rounds` gave up after so many, and their histories have to replay. */
const FIRST_ROUNDS = 5;
const ROUNDS = 30;

/**
 * Whether what could not begin goes back to where it waited, without a workflow of its own. Asked only where there is
 * something: a history that knows no such way goes on as it began.
 */
export function goesBack(): boolean {
  return patched('back-to-the-line');
}

/**
 * Whether a batch tries once more what could not begin while it lasted. Histories of before did, for half a minute.
 * @param round from 1
 */
export function mayBegin(round: number): boolean {
  if (round > 1 && goesBack()) return false;
  return round <= FIRST_ROUNDS || (round <= ROUNDS && patched('thirty-rounds'));
}

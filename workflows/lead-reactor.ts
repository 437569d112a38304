import { proxyActivities } from '@temporalio/workflow';
import type { LeadershipActivities } from './leadership.js';

const { leadReactor: lead } = proxyActivities<LeadershipActivities>({
  // The activity lasts for as long as a process leads. Its retries hand the leadership on and leave nothing in the history.
  startToCloseTimeout: '3650d',
  // By this time-out a leader that died is noticed, and the next one begins a retry later; 15 s are promised.
  heartbeatTimeout: '6s',
  retry: { initialInterval: '500ms', backoffCoefficient: 1 },
});

/** Runs once per ledger, for ever: whoever runs its only activity is the reactor. */
export async function leadReactor(): Promise<void> {
  await lead();
}

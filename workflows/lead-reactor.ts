import { proxyActivities } from '@temporalio/workflow';
import type { LeadershipActivities } from './leadership.js';

const { leadReactor: lead } = proxyActivities<LeadershipActivities>({
  // It lasts for as long as one leads, and is handed on by its retries, which leave nothing in the history.
  startToCloseTimeout: '3650d',
  // A leader that died is noticed by this; the next one begins a retry later. Promised are 15 s.
  heartbeatTimeout: '6s',
  retry: { initialInterval: '500ms', backoffCoefficient: 1 },
});

/** One per ledger, for ever: whoever runs its only activity is the reactor. */
export async function leadReactor(): Promise<void> {
  await lead();
}

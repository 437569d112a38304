import { proxyActivities } from '@temporalio/workflow';

const { doNothing } = proxyActivities<{ doNothing(): Promise<void> }>({ startToCloseTimeout: '10s' });

/** A durable workflow with one activity: what one message would cost if it had one of its own. */
export async function oneActivity(): Promise<void> {
  await doNothing();
}

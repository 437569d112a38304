import { proxyActivities } from '@temporalio/workflow';
import type { CallbackActivities, MessageActivities } from '../activities/index.js';

// Customers' faults come back as values; what is thrown are our own faults, tried again for as long as it takes.
// A worker that was killed is noticed by its missing heartbeat.

/** A batch goes on while its items end, for some fifteen seconds at most; see activities/batch-progress.ts. */
const batch = {
  startToCloseTimeout: '30s',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
} as const;
const single = {
  ...batch,
  startToCloseTimeout: '20s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '100s' },
} as const;

export const { readMessages, handOverMessages } = proxyActivities<MessageActivities>(batch);
export const { readMessage, handOverMessage } = proxyActivities<MessageActivities>(single);
export const { postCallbacks } = proxyActivities<CallbackActivities>(batch);
/** An exchange may last 30 s; a place at the endpoint and the recording come on top. */
export const { postCallback } = proxyActivities<CallbackActivities>({
  ...single,
  startToCloseTimeout: '50s',
});

// How workflows, their ids and their queues are called. Two instances may share one Temporal, so all begin with
// the ledger's id.

export type Lane = 'messages' | 'callbacks';

/** Plural: a batch. Singular: one that needs attention. */
export const BATCH_WORKFLOW = { messages: 'send-messages', callbacks: 'deliver-callbacks' } as const;
export const ITEM_WORKFLOW = { messages: 'send-message', callbacks: 'deliver-callback' } as const;
const ITEM = { messages: 'message', callbacks: 'callback' } as const;

/** The workflow whose only activity makes a process the reactor of the ledger. */
export const LEADER_WORKFLOW = 'lead-reactor';

/** Has a single callback looked at at once, whatever it waits for. */
export const WAKE_SIGNAL = 'wake';

/** A slow webhook never delays a confirmation: each lane has its queue. */
export function taskQueue(ledgerId: string, lane: Lane): string {
  return `${ledgerId}-${lane}`;
}

/** Workflow id of a batch. */
export function batchWorkflowId(ledgerId: string, lane: Lane, batchId: string): string {
  return `${ledgerId}:${lane}:${batchId}`;
}

/** Workflow id of a single item: the message's or the callback's. */
export function itemWorkflowId(ledgerId: string, lane: Lane, id: string): string {
  return `${ledgerId}:${ITEM[lane]}:${id}`;
}

/** Workflow id of the leadership, which is also its queue: one per ledger. */
export function leaderId(ledgerId: string): string {
  return `${ledgerId}:reactor`;
}

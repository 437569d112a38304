// Workflows, their ids and their queues have their names here. Two instances may share one Temporal, so ids and queues
// begin with the ledger's id.

import type { Lane } from '../domain/owed.js';

/** A plural name is a batch, a singular one is an item that needs attention. */
export const BATCH_WORKFLOW = { messages: 'send-messages', callbacks: 'deliver-callbacks' } as const;
export const ITEM_WORKFLOW = { messages: 'send-message', callbacks: 'deliver-callback' } as const;
const ITEM = { messages: 'message', callbacks: 'callback' } as const;

/** The workflow whose only activity makes a process the reactor of the ledger. */
export const LEADER_WORKFLOW = 'lead-reactor';

/** The signal that makes the workflow of a single callback look at once, whatever it waits for. */
export const WAKE_SIGNAL = 'wake';

/** Each lane has its own queue, so that a slow webhook never delays a confirmation. */
export function taskQueue(ledgerId: string, lane: Lane): string {
  return `${ledgerId}-${lane}`;
}

/** Makes the workflow id of a batch. */
export function batchWorkflowId(ledgerId: string, lane: Lane, batchId: string): string {
  return `${ledgerId}:${lane}:${batchId}`;
}

/** Makes the workflow id of a single item from the message's or the callback's id. */
export function itemWorkflowId(ledgerId: string, lane: Lane, id: string): string {
  return `${ledgerId}:${ITEM[lane]}:${id}`;
}

/** Makes the workflow id of the leadership, which is also the name of its queue; there is one per ledger. */
export function leaderId(ledgerId: string): string {
  return `${ledgerId}:reactor`;
}

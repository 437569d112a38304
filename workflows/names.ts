// Workflows, their ids and their queues have their names here. Two instances may share one Temporal, so ids and queues
// begin with the ledger's id.

import type { Lane, OwedKind } from '../domain/owed.js';

/** A plural name is a batch, a singular one is an item that needs attention. */
export const BATCH_WORKFLOW = { messages: 'send-messages', callbacks: 'deliver-callbacks' } as const;
export const ITEM_WORKFLOW = { messages: 'send-message', callbacks: 'deliver-callback' } as const;
const ITEM = { messages: 'message', callbacks: 'callback' } as const;

/** The workflow whose only activity makes a process the reactor of the ledger. */
export const LEADER_WORKFLOW = 'lead-reactor';

/** The signal that makes the workflow of a single callback look at once, whatever it waits for. */
export const WAKE_SIGNAL = 'wake';

/** What people wait for has a queue of its own: it shares no place with a campaign, nor with a slow webhook. */
export const QUEUES = ['consent', 'messages', 'callbacks'] as const;
export type Queue = (typeof QUEUES)[number];

const QUEUE_OF_LANE: Readonly<Record<Lane, Queue>> = {
  replies: 'consent',
  consents: 'consent',
  messages: 'messages',
  callbacks: 'callbacks',
};

/** Says in which queue the batches and the single workflows of a lane run. */
export function queueOf(lane: Lane): Queue {
  return QUEUE_OF_LANE[lane];
}

/** Makes the name that a queue has in Temporal. */
export function taskQueue(ledgerId: string, queue: Queue): string {
  return `${ledgerId}-${queue}`;
}

/** Makes the workflow id of a batch. */
export function batchWorkflowId(ledgerId: string, lane: Lane, batchId: string): string {
  return `${ledgerId}:${lane}:${batchId}`;
}

/** Makes the workflow id of a single item from the message's or the callback's id. */
export function itemWorkflowId(ledgerId: string, kind: OwedKind, id: string): string {
  return `${ledgerId}:${ITEM[kind]}:${id}`;
}

/** Makes the workflow id of the leadership, which is also the name of its queue; there is one per ledger. */
export function leaderId(ledgerId: string): string {
  return `${ledgerId}:reactor`;
}

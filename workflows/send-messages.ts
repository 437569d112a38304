import { setCurrentDetails } from '@temporalio/workflow';
import type { MessageResult } from '../activities/hand-over-types.js';
import type { OwedMessage } from '../domain/owed.js';
import type { BatchArguments, MessageArguments } from './arguments.js';
import { BATCH_WORKFLOW, ITEM_WORKFLOW, itemWorkflowId } from './names.js';
import { planMessage, type MessageStep } from './plan-message.js';
import { handOverMessages, readMessages } from './proxies.js';
import { startOwn } from './start-own.js';
import { batchSummary } from './summaries.js';

interface Open {
  readonly item: OwedMessage;
  readonly known: MessageResult | null;
}

/**
 * First tries of many messages: read, decide, hand over. What does not end here gets its own workflow.
 * @returns the summary
 */
export async function sendMessages(batch: BatchArguments<OwedMessage>): Promise<string> {
  const { items, ledgerId, searchAttributes } = batch;
  const read = await readMessages(items);
  const steps = read.messages.map((message): readonly [OwedMessage, MessageStep] => [
    message.item,
    planMessage(read, message),
  ]);
  const plans = steps.flatMap(([, step]) => (step.step === 'act' ? [step.plan] : []));
  const results = plans.length === 0 ? [] : await handOverMessages(plans);
  const tried = plans.map(({ item }, n): Open => ({ item, known: results[n] ?? null }));
  const open: Open[] = [
    ...tried.filter(({ known }) => known?.state !== 'ended'),
    ...steps.flatMap(([item, { step }]) =>
      step === 'wait' || step === 'fault' ? [{ item, known: null }] : [],
    ),
  ];
  await Promise.all(
    open.map(({ item, known }) =>
      startOwn({
        type: ITEM_WORKFLOW.messages,
        workflowId: itemWorkflowId(ledgerId, 'messages', item.messageId),
        summary: `${ITEM_WORKFLOW.messages} · ${item.cause === null ? 'send' : 'reply'} of app ${item.appId}`,
        argument: { item, searchAttributes, known } satisfies MessageArguments,
      }),
    ),
  );
  const summary = summarise(items.length, results, open.length);
  setCurrentDetails(summary);
  return summary;
}

function summarise(size: number, results: readonly MessageResult[], waiting: number): string {
  const ended = (as: string): number =>
    results.filter((one) => one.state === 'ended' && one.as === as).length;
  return batchSummary(BATCH_WORKFLOW.messages, size, {
    'handed over': ended('dispatched'),
    blocked: ended('blocked'),
    failed: ended('failed'),
    waiting,
  });
}

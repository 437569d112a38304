import { setCurrentDetails } from '@temporalio/workflow';
import type { MessageResult } from '../activities/messages/hand-over-types.js';
import type { OwedMessage } from '../domain/owed.js';
import type { BatchArguments, MessageArguments } from './arguments.js';
import { BATCH_WORKFLOW, ITEM_WORKFLOW, itemWorkflowId } from './names.js';
import { planMessage } from './plan-message.js';
import { handOverMessages, readMessages } from './proxies.js';
import { mayBegin } from './rounds.js';
import { startOwn } from './start-own.js';
import { batchSummary } from './summaries.js';

/**
 * Makes the first tries of many messages: reads, decides, hands over. A message that does not end here gets its own
 * workflow.
 * @returns the summary
 */
export async function sendMessages(batch: BatchArguments<OwedMessage>): Promise<string> {
  const { items, ledgerId, searchAttributes } = batch;
  const known = new Map<OwedMessage, MessageResult | null>();
  let rest = items;
  for (let round = 1; rest.length > 0 && mayBegin(round); round += 1) {
    const results = await tryAll(rest);
    rest.forEach((item, n) => known.set(item, results[n] ?? null));
    rest = rest.filter((item) => isLate(known.get(item)));
  }
  const open = items.filter((item) => known.get(item)?.state !== 'ended');
  await Promise.all(
    open.map((item) =>
      startOwn({
        type: ITEM_WORKFLOW.messages,
        workflowId: itemWorkflowId(ledgerId, 'messages', item.messageId),
        summary: `${ITEM_WORKFLOW.messages} · ${item.cause === null ? 'send' : 'reply'} of app ${item.appId}`,
        argument: { item, searchAttributes, known: known.get(item) ?? null } satisfies MessageArguments,
      }),
    ),
  );
  const summary = summarise(items.length, [...known.values()], open.length);
  setCurrentDetails(summary);
  return summary;
}

/** Gives one result per item, in the items' order; null where nothing could be tried now. */
async function tryAll(items: readonly OwedMessage[]): Promise<readonly (MessageResult | null)[]> {
  const read = await readMessages(items);
  const steps = read.messages.map((message) => planMessage(read, message));
  const plans = steps.flatMap((step) => (step.step === 'act' ? [step.plan] : []));
  const results = plans.length === 0 ? [] : await handOverMessages(plans);
  const tried = new Map(plans.map(({ item }, n) => [item.messageId, results[n] ?? null]));
  return steps.map((step, n): MessageResult | null => {
    const messageId = items[n]?.messageId ?? '';
    return step.step === 'end' ? { messageId, state: 'ended', as: step.as } : (tried.get(messageId) ?? null);
  });
}

function isLate(result: MessageResult | null | undefined): boolean {
  return result?.state === 'again' && result.why === 'withdrawn';
}

function summarise(size: number, results: readonly (MessageResult | null)[], waiting: number): string {
  const ended = (as: string): number =>
    results.filter((one) => one?.state === 'ended' && one.as === as).length;
  return batchSummary(BATCH_WORKFLOW.messages, size, {
    'handed over': ended('dispatched'),
    blocked: ended('blocked'),
    failed: ended('failed'),
    waiting,
  });
}

import { setCurrentDetails } from '@temporalio/workflow';
import type { CallbackResult } from '../activities/callback-types.js';
import type { OwedCallback } from '../domain/owed.js';
import type { BatchArguments, CallbackArguments } from './arguments.js';
import { BATCH_WORKFLOW, ITEM_WORKFLOW, itemWorkflowId } from './names.js';
import { postCallbacks } from './proxies.js';
import { startOwn } from './start-own.js';
import { batchSummary } from './summaries.js';

/**
 * First tries of many callbacks. What does not end here gets its own workflow.
 * @returns the summary
 */
export async function deliverCallbacks(batch: BatchArguments<OwedCallback>): Promise<string> {
  const { items, ledgerId, searchAttributes } = batch;
  const { now, results } = await postCallbacks(items);
  const open = items.flatMap((item, n) => {
    const result = results[n];
    return result?.state === 'delivered' || result?.state === 'parked' ? [] : [{ item, result }];
  });
  await Promise.all(
    open.map(({ item, result }) =>
      startOwn({
        type: ITEM_WORKFLOW.callbacks,
        workflowId: itemWorkflowId(ledgerId, 'callbacks', item.callbackId),
        summary: `${ITEM_WORKFLOW.callbacks} · ${item.trigger} → ${item.endpointId}`,
        argument: {
          ...{ item, searchAttributes },
          known: result === undefined ? null : { now, result },
        } satisfies CallbackArguments,
      }),
    ),
  );
  const summary = summarise(items.length, results, open.length);
  setCurrentDetails(summary);
  return summary;
}

function summarise(size: number, results: readonly CallbackResult[], waiting: number): string {
  const count = (state: CallbackResult['state']): number =>
    results.filter((one) => one.state === state).length;
  return batchSummary(BATCH_WORKFLOW.callbacks, size, {
    delivered: count('delivered'),
    parked: count('parked'),
    waiting,
  });
}

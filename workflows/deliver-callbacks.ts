import { setCurrentDetails } from '@temporalio/workflow';
import type { CallbackResult } from '../activities/callbacks/callback-types.js';
import type { OwedCallback } from '../domain/owed.js';
import type { BatchArguments, CallbackArguments } from './arguments.js';
import { BATCH_WORKFLOW, ITEM_WORKFLOW, itemWorkflowId } from './names.js';
import { postCallbacks } from './proxies.js';
import { mayBegin } from './rounds.js';
import { startOwn } from './start-own.js';
import { batchSummary } from './summaries.js';

type Known = NonNullable<CallbackArguments['known']>;

/**
 * Makes the first tries of many callbacks. A callback that does not end here gets its own workflow.
 * @returns the summary
 */
export async function deliverCallbacks(batch: BatchArguments<OwedCallback>): Promise<string> {
  const { items, ledgerId, searchAttributes } = batch;
  const known = new Map<OwedCallback, Known>();
  let rest = items;
  for (let round = 1; rest.length > 0 && mayBegin(round); round += 1) {
    const { now, results } = await postCallbacks(rest);
    rest.forEach((item, n) => {
      const result = results[n];
      if (result !== undefined) known.set(item, { now, result });
    });
    rest = rest.filter((item) => known.get(item)?.result.state === 'late');
  }
  const open = items.filter((item) => !hasEnded(known.get(item)));
  await Promise.all(
    open.map((item) =>
      startOwn({
        type: ITEM_WORKFLOW.callbacks,
        workflowId: itemWorkflowId(ledgerId, 'callbacks', item.callbackId),
        summary: `${ITEM_WORKFLOW.callbacks} · ${item.trigger} → ${item.endpointId}`,
        argument: { item, searchAttributes, known: known.get(item) ?? null } satisfies CallbackArguments,
      }),
    ),
  );
  const summary = summarise(items.length, [...known.values()], open.length);
  setCurrentDetails(summary);
  return summary;
}

function hasEnded(known: Known | undefined): boolean {
  return known?.result.state === 'delivered' || known?.result.state === 'parked';
}

function summarise(size: number, known: readonly Known[], waiting: number): string {
  const count = (state: CallbackResult['state']): number =>
    known.filter(({ result }) => result.state === state).length;
  return batchSummary(BATCH_WORKFLOW.callbacks, size, {
    delivered: count('delivered'),
    parked: count('parked'),
    waiting,
  });
}

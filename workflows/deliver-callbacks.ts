import { setCurrentDetails } from '@temporalio/workflow';
import type { CallbackResult } from '../activities/callbacks/callback-types.js';
import type { OwedCallback } from '../domain/owed.js';
import type { BatchArguments, BatchResult, CallbackArguments } from './arguments.js';
import { BATCH_WORKFLOW, ITEM_WORKFLOW, itemWorkflowId } from './names.js';
import { postCallbacks } from './proxies.js';
import { goesBack, mayBegin } from './rounds.js';
import { startOwn } from './start-own.js';
import { batchSummary } from './summaries.js';

type Known = NonNullable<CallbackArguments['known']>;

/**
 * Makes the first tries of many callbacks. A callback whose try failed gets its own workflow; one that had none is given
 * back.
 */
export async function deliverCallbacks(batch: BatchArguments<OwedCallback>): Promise<BatchResult> {
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
  const notTried = open.filter((item) => hadNoTry(known.get(item)));
  const back = new Set(notTried.length > 0 && goesBack() ? notTried : []);
  const own = open.filter((item) => !back.has(item));
  await Promise.all(
    own.map((item) =>
      startOwn({
        type: ITEM_WORKFLOW.callbacks,
        workflowId: itemWorkflowId(ledgerId, 'callbacks', item.callbackId),
        summary: `${ITEM_WORKFLOW.callbacks} · ${item.trigger} → ${item.endpointId}`,
        argument: { item, searchAttributes, known: known.get(item) ?? null } satisfies CallbackArguments,
      }),
    ),
  );
  const summary = summarise(items.length, [...known.values()], own.length, back.size);
  setCurrentDetails(summary);
  return { summary, untried: [...back].map(({ callbackId }) => callbackId) };
}

function hasEnded(known: Known | undefined): boolean {
  return known?.result.state === 'delivered' || known?.result.state === 'parked';
}

const NO_TRY: ReadonlySet<CallbackResult['state']> = new Set(['late', 'skipped', 'behind']);

function hadNoTry(known: Known | undefined): boolean {
  return known !== undefined && known.result.attempts === 0 && NO_TRY.has(known.result.state);
}

function summarise(size: number, known: readonly Known[], waiting: number, back: number): string {
  const count = (state: CallbackResult['state']): number =>
    known.filter(({ result }) => result.state === state).length;
  return batchSummary(BATCH_WORKFLOW.callbacks, size, {
    delivered: count('delivered'),
    parked: count('parked'),
    waiting,
    'given back': back,
  });
}

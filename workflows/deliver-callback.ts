import { continueAsNew, defineSignal, setHandler, workflowInfo } from '@temporalio/workflow';
import type { CallbackArguments } from './arguments.js';
import { WAKE_SIGNAL } from './names.js';
import { postCallback } from './proxies.js';
import { openWaitingRoom } from './waiting-room.js';

/** Where nothing was tried, the workflow looks again after this. */
const LOOK_AGAIN_MS = 1_000;

/**
 * Stays with one callback until it is delivered or parked: it tries, waits and tries again. The ledger says when the next
 * try is. A wake ends the wait, and again the ledger says what there is to do.
 * @returns how it ended
 */
export async function deliverCallback({ item, searchAttributes, known }: CallbackArguments): Promise<string> {
  const { appId, endpointId, trigger } = item;
  let woken = false;
  setHandler(defineSignal(WAKE_SIGNAL), () => {
    woken = true;
  });
  const room = openWaitingRoom({ appId, endpointId, trigger }, searchAttributes, () => woken);
  let runningUntil: string | null = null;
  for (let first = known; ; first = null) {
    const { now, result } = first ?? (await tryOnce());
    switch (result.state) {
      case 'delivered':
      case 'parked':
        // The callback may have been opened again since this was read.
        if (woken) break;
        room.ended(result.state, result.attempts);
        return result.state;
      case 'waiting': {
        const next = result.nextAttemptAt;
        const waitMs = Date.parse(next) - now;
        await room.untilNextTry({ attempt: result.attempts, outcome: result.answer, next, waitMs });
        break;
      }
      case 'behind':
        await room.pause(Date.parse(result.until) - now, 'something goes first');
        break;
      case 'running':
        runningUntil = result.until;
        // If the batch said so, the next activity may join that request in the process where the batch ran. If an activity of
        // our own said so, the request runs in another process, and has to be waited for.
        if (first !== null) break;
        await room.pause(Date.parse(result.until) - now, 'the first request is under way');
        break;
      case 'skipped':
      case 'late':
        await room.pause(LOOK_AGAIN_MS, 'not tried yet');
        break;
      case 'faulted':
        // Only a batch returns a fault; the activity for a single item throws it, which shows as a failing activity.
        break;
    }
    if (workflowInfo().continueAsNewSuggested) {
      await continueAsNew<typeof deliverCallback>({ item, searchAttributes, known: null });
    }
  }

  async function tryOnce(): Promise<NonNullable<CallbackArguments['known']>> {
    // A wake that comes from here on may be later than what the activity reads.
    woken = false;
    const { now, results } = await postCallback(item, runningUntil);
    const [result] = results;
    return { now, result: result ?? { callbackId: item.callbackId, state: 'skipped', attempts: 0 } };
  }
}

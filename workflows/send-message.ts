import { continueAsNew, workflowInfo } from '@temporalio/workflow';
import type { MessageResult } from '../activities/messages/hand-over-types.js';
import type { MessageArguments } from './arguments.js';
import { planMessage } from './plan-message.js';
import { handOverMessage, readMessage } from './proxies.js';
import { openWaitingRoom } from './waiting-room.js';

/** Where something moved, or a try is under way elsewhere, the workflow looks again after this. */
const LOOK_AGAIN_MS = 1_000;

/**
 * Stays with one message until it ends: it tries, waits and decides anew. Each decision rests on the ledger as it stands
 * at that time.
 * @returns how it ended
 */
export async function sendMessage({ item, searchAttributes, known }: MessageArguments): Promise<string> {
  const room = openWaitingRoom({ appId: item.appId }, searchAttributes);
  let attempts = 0;
  for (let first = known; ; first = null) {
    const outcome = first ?? (await tryOnce());
    switch (outcome.state) {
      case 'ended':
        room.ended(outcome.as, attempts);
        return outcome.as;
      case 'waiting': {
        const { attempt, why, until, waitMs } = outcome;
        attempts = attempt;
        await room.untilNextTry({ attempt, outcome: why, next: until, waitMs });
        break;
      }
      case 'pause':
        await room.pause(outcome.waitMs, outcome.why);
        break;
      case 'again':
      case 'running':
        await room.pause(LOOK_AGAIN_MS, outcome.state === 'again' ? outcome.why : outcome.state);
        break;
      case 'faulted':
        // Only a batch returns a fault; the activity for a single item throws it, which shows as a failing activity.
        break;
    }
    if (workflowInfo().continueAsNewSuggested) {
      await continueAsNew<typeof sendMessage>({ item, searchAttributes, known: null });
    }
  }

  async function tryOnce(): Promise<MessageResult | { state: 'pause'; waitMs: number; why: string }> {
    const read = await readMessage(item);
    const [message] = read.messages;
    const step =
      message === undefined ? ({ step: 'fault', code: 'nothing read' } as const) : planMessage(read, message);
    switch (step.step) {
      case 'end':
        return { messageId: item.messageId, state: 'ended', as: step.as };
      case 'act':
        return handOverMessage(step.plan);
      case 'wait':
        return { state: 'pause', waitMs: step.waitMs, why: `${step.why} at ${step.until.slice(11, 19)}` };
      case 'fault':
        return { state: 'pause', waitMs: LOOK_AGAIN_MS, why: step.code };
    }
  }
}

import type { Clock } from '../../domain/clock.js';
import type { Actor, CallbackRetryRequested } from '../../domain/events/events.js';
import { isCallbackEvent } from '../reads/delivery-log.js';
import { deriveId } from '../event-ids.js';
import { handleCommand, type Basis } from './handle-command.js';
import type { Ledger } from '../ledger.js';
import { Refusal } from '../../domain/refusal.js';
import { callbackStream } from '../streams.js';

export interface RetryCommand {
  readonly projectId: string;
  readonly callbackId: string;
  readonly actor: Actor;
}

/**
 * Records that somebody wants a request for a callback now: one that waits, or was parked and is opened again. One
 * that has never been tried is due anyway, and one for which a retry is still owed stays as it is.
 * @returns the revision after which its outcome comes; -1 for one that has never been tried
 * @throws Refusal `callback-not-found` (another project's too), `callback-delivered`; what `handleCommand` throws
 */
export async function requestRetry(
  deps: { readonly ledger: Ledger; readonly clock: Clock },
  command: RetryCommand,
): Promise<number> {
  const { basis, events } = await handleCommand({
    ...deps,
    stream: callbackStream(command.callbackId),
    decide: (known) => decide(command, known),
  });
  return events.length > 0 ? basis.nextRevision : basis.nextRevision - 1;
}

function decide(
  { projectId, callbackId, actor }: RetryCommand,
  { last, nextRevision, recordedAt }: Basis,
): readonly CallbackRetryRequested[] {
  if (last === undefined) return [];
  const { event } = last;
  if (!isCallbackEvent(event) || event.data.projectId !== projectId) throw new Refusal('callback-not-found');
  switch (event.type) {
    case 'callback-delivered':
      throw new Refusal('callback-delivered');
    case 'callback-retry-requested':
      return [];
    case 'callback-attempted':
    case 'callback-parked': {
      const { appId, endpointId, trigger, eventId } = event.data;
      return [
        {
          id: deriveId(callbackId, 'retry', String(nextRevision)),
          type: 'callback-retry-requested',
          version: 1,
          data: { projectId, appId, callbackId, endpointId, trigger, eventId },
          meta: { recordedAt, occurredAt: recordedAt, actor, causationId: eventId },
        },
      ];
    }
  }
}

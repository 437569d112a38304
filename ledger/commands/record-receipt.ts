import type { Clock } from '../../domain/clock.js';
import type {
  Actor,
  LedgerEvent,
  MessageReported,
  ProviderError,
  ReportStatus,
} from '../../domain/events/events.js';
import { deriveId } from '../event-ids.js';
import { handleCommand } from './handle-command.js';
import type { Ledger } from '../ledger.js';
import { Refusal } from '../../domain/refusal.js';
import { messageStream } from '../streams.js';
import { readWholeStream } from '../reads/whole-stream.js';

export interface ReceiptCommand {
  readonly projectId: string;
  readonly appId: string;
  readonly messageId: string;
  readonly status: ReportStatus;
  /** A `reason.code` of the wire; null unless the status is FAILED. */
  readonly reason: string | null;
  readonly providerError?: ProviderError;
  readonly actor: Actor;
}

/**
 * Records what a gateway says became of a message, where that tells something new.
 * @returns false, and nothing is written, for a repeated receipt, one that a later status has overtaken, and
 * one for a message that was never handed over
 * @throws Refusal `message-not-found` when this app has no such message
 */
export async function recordReceipt(
  deps: { readonly ledger: Ledger; readonly clock: Clock },
  command: ReceiptCommand,
): Promise<boolean> {
  const { projectId, appId, messageId, status, reason, providerError, actor } = command;
  const stream = messageStream(messageId);
  const handled = await handleCommand({
    ...deps,
    stream,
    decide: async ({ recordedAt }) => {
      // The stream is read after its last event was: if more stands by now, the append conflicts and this runs again.
      const events = (await readWholeStream(deps.ledger, stream)).map(({ event }) => event);
      if (!belongsTo(events[0], projectId, appId)) throw new Refusal('message-not-found');
      if (!tellsNews(events, status)) return [];
      const reported: MessageReported = {
        id: deriveId(stream, 'reported', status),
        type: 'message-reported',
        version: 1,
        data: {
          ...{ projectId, appId, messageId, status, reason },
          ...(providerError === undefined ? {} : { providerError }),
          bodyVersion: 1,
        },
        meta: { recordedAt, occurredAt: recordedAt, actor },
      };
      return [reported];
    },
  });
  return handled.appended !== null && !handled.appended.duplicate;
}

function belongsTo(first: LedgerEvent | undefined, projectId: string, appId: string): boolean {
  return (
    first?.type === 'message-accepted' && first.data.projectId === projectId && first.data.appId === appId
  );
}

const OUTCOME_UNKNOWN: ReadonlySet<string> = new Set(['DELIVERY_TIMED_OUT', 'restored']);

/**
 * Whether a receipt tells something new. Receipts arrive late, twice and in any order. QUEUED_ON_CHANNEL → DELIVERED →
 * READ only moves forwards, and FAILED ends it unless it was delivered before. After a hand-over with an unknown outcome,
 * which ended as DELIVERY_TIMED_OUT or, by a restore, as `restored`, a receipt is the first true word and counts.
 */
export function tellsNews(events: readonly LedgerEvent[], status: ReportStatus): boolean {
  if (!events.some(({ type }) => type === 'message-handing-over')) return false;
  const known = new Set(
    events.flatMap((event) => (event.type === 'message-reported' ? [event.data.status] : [])),
  );
  const failure = events.find((event) => event.type === 'message-failed');
  if (failure !== undefined && !OUTCOME_UNKNOWN.has(failure.data.reason)) return false;
  if (known.has('FAILED') || known.has('READ') || known.has(status)) return false;
  switch (status) {
    case 'READ':
      return true;
    case 'DELIVERED':
      return true;
    case 'FAILED':
      return failure === undefined && !known.has('DELIVERED');
    case 'QUEUED_ON_CHANNEL':
      return failure === undefined && !known.has('DELIVERED');
  }
}

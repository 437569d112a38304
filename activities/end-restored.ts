import type { Clock } from '../domain/clock.js';
import { hasEnded } from '../domain/messages/message.js';
import type { OwedCallback, OwedMessage } from '../domain/owed.js';
import { appendClearly } from '../ledger/append-clearly.js';
import type { Ledger } from '../ledger/ledger.js';
import { recordedAtAfter } from '../ledger/recorded-at.js';
import { callbackStream } from '../ledger/streams.js';
import { contentAt, readContents } from './callbacks/callback-contents.js';
import { parkedEvent } from './callbacks/callback-outcome.js';
import { readCallbackProgress } from './callbacks/callback-progress.js';
import { failedEvent, openingEvents } from './messages/hand-over-events.js';
import { readMessageStream } from './messages/message-reading.js';

// What a ledger that came back from a backup owes may have gone out since the backup was made. So it is ended here, by
// events with derived ids, which may be repeated without changing anything. Nobody else writes to that ledger yet.

interface Deps {
  readonly ledger: Ledger;
  readonly clock: Clock;
}

/** What became of an owed message; `ended` where it had an end already. */
export type RestoredMessage = 'failed' | 'dropped' | 'ended';

/**
 * Ends a message as failed, whose delivery report is then owed, or drops a reply, which nobody is told of.
 * @throws MessageUnreadable; what the ledger throws
 */
export async function endRestoredMessage(deps: Deps, item: OwedMessage): Promise<RestoredMessage> {
  const reading = await readMessageStream(deps.ledger, item);
  const { stream, accepted, last, progress } = reading;
  if (hasEnded(progress)) return 'ended';
  const isReply = accepted.data.kind === 'REPLY';
  const recordedAt = recordedAtAfter(last?.recordedAt, deps.clock.now());
  const failed = failedEvent(
    { stream, accepted, attempt: progress.attempt },
    { reason: isReply ? 'reply-restored' : 'restored' },
    recordedAt,
  );
  const events = [...openingEvents(reading, recordedAt), failed];
  await appendClearly(deps, stream, events, last?.revision ?? 'none');
  return isReply ? 'dropped' : 'failed';
}

/**
 * Parks a callback, so that it can be seen and replayed; answers false when it had an end already.
 * @throws CallbackFault `event-missing`; what the ledger throws
 */
export async function parkRestoredCallback(deps: Deps, item: OwedCallback): Promise<boolean> {
  const { callbackId, stream, revision } = item;
  const progress = await readCallbackProgress(deps.ledger, callbackId);
  if (progress.ended !== null) return false;
  const content = contentAt(await readContents(deps.ledger, stream, [revision]), revision);
  const parked = parkedEvent(item, content, 'restored', { progress, nowMs: deps.clock.now() });
  await appendClearly(deps, callbackStream(callbackId), [parked], progress.revision);
  return true;
}

import type { Clock } from '../../domain/clock.js';
import {
  decideSuspicion,
  isSuspected,
  settledBy,
  type Decision,
  type SuspectedMessage,
} from '../../domain/consent/suspicion-decision.js';
import type { Actor, ContactStreamEvent } from '../../domain/events/events.js';
import { Refusal } from '../../domain/refusal.js';
import { deriveId, ulidOf } from '../event-ids.js';
import type { Ledger } from '../ledger.js';
import type { AppNow } from '../reads/app-reads.js';
import { contactStateOf } from '../reads/contact-reads.js';
import { readWholeStream } from '../reads/whole-stream.js';
import { contactStream } from '../streams.js';
import { handleCommand } from './handle-command.js';

/** Names a suspected stop and where its message stands. */
export interface SuspicionPlace {
  /** Id of the `message-received`. */
  readonly suspicionId: string;
  readonly contactId: string;
  readonly revision: number;
}

export interface SuspicionCommand {
  readonly app: AppNow;
  readonly place: SuspicionPlace;
  readonly decision: Decision;
  readonly actor: Actor;
}

/** What the ledger holds of the decision. */
export interface SuspicionEnded {
  /** Of the `suspicion-decided`. */
  readonly eventId: string;
  /** The same decision stood in the ledger before. */
  readonly repeated: boolean;
}

/**
 * Records somebody's decision over a suspected stop; a stop opts the person out in the same append. The first decision counts.
 * @throws Refusal `suspicion-not-found`, `suspicion-settled` where it was settled otherwise; what `handleCommand` throws
 */
export async function endSuspicion(
  deps: { readonly ledger: Ledger; readonly clock: Clock },
  { app, place, decision, actor }: SuspicionCommand,
): Promise<SuspicionEnded> {
  const stream = contactStream(place.contactId);
  const { suspicionId } = place;
  const decidedEventId = deriveId('suspicion-decided', suspicionId);
  const consentEventId = deriveId(suspicionId, 'decided-consent');
  const ids = { decidedEventId, consentEventId, requestId: ulidOf(deriveId(consentEventId, 'request')) };
  let repeated = false;
  await handleCommand({
    ...deps,
    stream,
    decide: async ({ last, nextRevision, recordedAt }) => {
      const { message, after } = await readSuspicionAt(deps.ledger, stream, place);
      const settled = settledBy(message, after);
      repeated = settled?.as === decision;
      if (repeated) return [];
      if (settled !== null) throw new Refusal('suspicion-settled');
      const context = { nextRevision, recordedAt, app: app.state, appRevision: app.revision };
      const command = { ...ids, message, decision, actor };
      return decideSuspicion(command, { ...context, state: contactStateOf(last) });
    },
  });
  return { eventId: decidedEventId, repeated };
}

/** The message and what the contact's stream has after it. */
async function readSuspicionAt(
  ledger: Pick<Ledger, 'readStream'>,
  stream: string,
  { suspicionId, revision }: SuspicionPlace,
): Promise<{ readonly message: SuspectedMessage; readonly after: readonly ContactStreamEvent[] }> {
  const found = await readWholeStream(ledger, stream, revision);
  // A contact's stream has no other events.
  const [message, ...after] = found.map(({ event }) => event) as readonly ContactStreamEvent[];
  if (message?.id !== suspicionId || !isSuspected(message)) throw new Refusal('suspicion-not-found');
  return { message, after };
}

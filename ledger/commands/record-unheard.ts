import type { Clock } from '../../domain/clock.js';
import { decideConsentChange } from '../../domain/consent/consent.js';
import type { Unheard } from '../../domain/consent/unheard.js';
import { deriveId, ulidOf } from '../event-ids.js';
import type { Ledger } from '../ledger.js';
import { readApp } from '../reads/app-reads.js';
import { contactStateOf } from '../reads/contact-reads.js';
import { contactStream } from '../streams.js';
import { handleCommand } from './handle-command.js';

/**
 * Opts somebody out who asked and was not heard, by what they wrote and when they wrote it. A repeat writes nothing twice.
 * @throws Refusal `app-not-found`; what `handleCommand` throws
 */
export async function recordUnheard(
  deps: { readonly ledger: Ledger; readonly clock: Clock },
  { projectId, appId, contactId, channel, identity, listType, text, firstAt, firstEventId }: Unheard,
): Promise<void> {
  const app = await readApp(deps.ledger, projectId, appId);
  const eventId = deriveId(firstEventId, 'hunted');
  const command = {
    ...{ eventId, contactId, channel, identity, listType },
    requestId: ulidOf(deriveId(eventId, 'request')),
    direction: 'OPT_OUT',
    actor: { type: 'system' },
    causationId: firstEventId,
    reason: 'found by optledger hunt',
    evidence: { obtainedAt: firstAt, text: text === '' ? 'a message' : text },
  } as const;
  await handleCommand({
    ...deps,
    stream: contactStream(contactId),
    decide: ({ last, nextRevision, recordedAt }) => {
      const context = { state: contactStateOf(last), nextRevision, recordedAt };
      return decideConsentChange(command, { ...context, app: app.state, appRevision: app.revision });
    },
  });
}

import type { Clock } from '../../domain/clock.js';
import { decideInbound } from '../../domain/consent/consent.js';
import type { InboundCommand } from '../../domain/consent/contact-commands.js';
import type { InboundMessage } from '../../domain/consent/inbound-message.js';
import type { KeywordMatch, MessageReceived, SuspectedStop } from '../../domain/events/events.js';
import { inboundIdentity } from '../../domain/identity/identity.js';
import { readApp } from '../reads/app-reads.js';
import { contactStateOf } from '../reads/contact-reads.js';
import { LedgerUnavailable } from '../errors.js';
import { deriveId, inboundEventId, ulidOf } from '../event-ids.js';
import { handleCommand } from './handle-command.js';
import type { Ledger } from '../ledger.js';
import type { ProviderIds } from './provider-ids.js';
import type { RootKey } from '../keys/root-key.js';
import { contactStream } from '../streams.js';

export interface InboundDeps {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly rootKey: RootKey;
  readonly providerIds: ProviderIds;
}

/** An inbound message and the app that it came to. */
export interface InboundToApp extends InboundMessage {
  readonly projectId: string;
  readonly appId: string;
}

/** What the ledger holds of an inbound message. */
export interface InboundRecorded {
  /** ULID. */
  readonly messageId: string;
  readonly eventId: string;
  /** The message stood in the ledger before; everything else says what was decided then. */
  readonly duplicate: boolean;
  readonly matched: KeywordMatch | null;
  /** A stop that was said in a sentence, with the words that made us think so; null where there was none. */
  readonly suspected: (SuspectedStop & { readonly phrase: string }) | null;
  /** The provider used this id lately for a message of this contact with another text. */
  readonly providerIdReused: boolean;
}

/**
 * Records an inbound message and what its text changes, in one append. Once it has resolved, the block holds.
 * @throws Refusal `app-not-found`; what `handleCommand` throws
 */
export async function recordInbound(deps: InboundDeps, message: InboundToApp): Promise<InboundRecorded> {
  const { ledger, clock } = deps;
  const app = await readApp(ledger, message.projectId, message.appId);
  const command = commandOf(deps.rootKey, message);
  const stream = contactStream(command.contactId);
  const { events, appended } = await handleCommand({
    ledger,
    clock,
    stream,
    decide: ({ last, nextRevision, recordedAt }) =>
      decideInbound(command, {
        state: contactStateOf(last),
        nextRevision,
        recordedAt,
        app: app.state,
        appRevision: app.revision,
      }),
  });
  const duplicate = appended?.duplicate === true;
  const received = duplicate
    ? await readReceived(ledger, stream, command.receivedEventId, appended.revision)
    : events[0];
  if (received?.type !== 'message-received') throw new LedgerUnavailable('a duplicate was not found');
  const providerIdReused = deps.providerIds.isReused(
    `${stream} ${message.provider}`,
    message.providerMessageId,
    received.id,
  );
  const { messageId, matched, suspected: stop } = received.data;
  const suspected = stop === undefined ? null : { ...stop, phrase: received.personal?.suspectedPhrase ?? '' };
  return { messageId, eventId: received.id, duplicate, matched, suspected, providerIdReused };
}

/** Every id derives from what the provider sent, so a redelivery repeats them all. */
function commandOf(rootKey: RootKey, message: InboundToApp): InboundCommand {
  const { projectId, appId, ...rest } = message;
  const identity = inboundIdentity(message.channel, message.identity);
  const contactId = rootKey.contactId(projectId, appId, { channel: message.channel, identity });
  // A message without a text and one with an empty text are different; no HMAC reads "none".
  const textHmac = message.text === undefined ? 'none' : rootKey.textHmac(message.text);
  const receivedEventId = inboundEventId(
    contactStream(contactId),
    message.provider,
    message.providerMessageId,
    textHmac,
  );
  return {
    ...rest,
    identity,
    contactId,
    receivedEventId,
    messageId: ulidOf(receivedEventId),
    // Derived when a keyword matches, which most texts do not.
    get consentEventId() {
      return deriveId(receivedEventId, 'consent');
    },
    get requestId() {
      return ulidOf(deriveId(receivedEventId, 'request'));
    },
    get replyMessageId() {
      return ulidOf(deriveId(receivedEventId, 'reply'));
    },
  };
}

/** The first delivery's event: the last of its append stands at `revision`, it itself there or one before. */
async function readReceived(
  ledger: Ledger,
  stream: string,
  eventId: string,
  revision: number,
): Promise<MessageReceived | undefined> {
  const found = await ledger.readStream(stream, { from: revision, direction: 'backwards', limit: 2 });
  return found
    .map(({ event }) => event)
    .find((event): event is MessageReceived => event.type === 'message-received' && event.id === eventId);
}

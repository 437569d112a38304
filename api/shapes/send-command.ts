import { z } from 'zod';
import { strictIdentity } from '../../domain/identity/identity.js';
import type { AppState } from '../../domain/settings.js';
import type { SendCommand } from '../../ledger/commands/accept-message.js';
import { invalidField } from '../server/errors.js';
import { identityProblem } from './identities.js';
import { ttlSeconds, type SendRequest } from '../wire/messages/message-send.js';

type Recipient = SendCommand['recipients'][number];

const IDENTITIES = 'recipient.identified_by.channel_identities';

/**
 * Turns a send that passed its shape into the ledger's command; only what concerns the caller is left out.
 * @throws ApiError naming the field for what the shape cannot tell: identities, recipients that the app's mode
 * does not know, a channel order without any of the recipient's channels
 */
export function toSendCommand(
  request: SendRequest,
  app: AppState,
): Omit<SendCommand, 'actor' | 'idempotency'> {
  const recipients = recipientsOf(request, app);
  const ttlS = request.ttl === undefined ? null : ttlSeconds(request.ttl);
  return {
    projectId: app.projectId,
    appId: app.appId,
    recipients,
    contentType: request.message_content_type,
    processingMode: request.processing_strategy === 'DISPATCH_ONLY' ? 'DISPATCH' : app.processingMode,
    sender: senderOf(request, app, recipients),
    message: request.message,
    metadata: request.message_metadata,
    correlationId: request.correlation_id,
    ...(request.callback_url === undefined ? {} : { callbackUrl: request.callback_url }),
    ...(ttlS === null ? {} : { ttlS }),
  };
}

/**
 * Reads addresses strictly, in the order of `channel_priority_order` where there is one, then in the order given. All
 * stay, because a send is blocked whole when any of its identities is.
 */
function recipientsOf(request: SendRequest, app: AppState): readonly Recipient[] {
  const { identified_by: identifiedBy } = request.recipient;
  if (identifiedBy === undefined) {
    const mode = request.processing_strategy === 'DISPATCH_ONLY' ? 'DISPATCH' : app.processingMode;
    const why = mode === 'DISPATCH' ? 'not allowed in processing mode DISPATCH' : 'no contacts are kept here';
    throw invalidField('recipient.contact_id', `${why}, use identified_by`);
  }
  const recipients = identifiedBy.channel_identities.map(({ channel, identity: sent }, index) => {
    const strict = strictIdentity(channel, sent);
    if (!strict.ok) throw identityProblem(`${IDENTITIES}.${String(index)}.identity`, strict.problem);
    return { channel, identity: strict.identity };
  });
  return inPriorityOrder(recipients, request.channel_priority_order ?? []);
}

function inPriorityOrder(recipients: readonly Recipient[], order: readonly string[]): readonly Recipient[] {
  if (order.length === 0) return recipients;
  const rank = ({ channel }: Recipient): number => {
    const at = order.indexOf(channel);
    return at < 0 ? order.length : at;
  };
  const sorted = recipients.toSorted((a, b) => rank(a) - rank(b));
  if (sorted.every((recipient) => rank(recipient) === order.length)) {
    throw invalidField('channel_priority_order', `names no channel of ${IDENTITIES}`);
  }
  return sorted;
}

/** Finds the number or account that the message leaves from: the send's own, else that of the first channel's credentials. */
function senderOf(request: SendRequest, app: AppState, recipients: readonly Recipient[]): string {
  const channel = recipients[0]?.channel ?? '';
  return request.channel_properties?.[`${channel}_SENDER`] ?? defaultSender(app, channel);
}

/** The part of an app's wire fields that says which number or account a channel sends from. */
const credential = z.object({
  channel: z.string(),
  static_bearer: z.object({ claimed_identity: z.string() }),
});

/** Claimed identity of the app's credentials for a channel; empty where they name none. */
function defaultSender({ profile }: AppState, channel: string): string {
  const given = profile['channel_credentials'];
  if (!Array.isArray(given)) return '';
  const named = given.flatMap((entry) => credential.safeParse(entry).data ?? []);
  return named.find((entry) => entry.channel === channel)?.static_bearer.claimed_identity ?? '';
}

import type { LedgerEvent, MessageAccepted } from '../../domain/events/events.js';
import { dueReplyOf, REPLY_LIFETIME_MS, replyCauseOf } from '../../domain/consent/reply-rules.js';
import { deriveId } from '../../ledger/event-ids.js';
import { messageStream } from '../../ledger/streams.js';

/**
 * Makes the first event of a reply's own stream from the contact's event that owes it; null when that event owes no reply
 * of this id. The event's times are set when it is appended.
 */
export function acceptReply(
  recorded: { readonly stream: string; readonly revision: number; readonly event: LedgerEvent },
  messageId: string,
): MessageAccepted | null {
  const { stream, revision, event } = recorded;
  if (event.type !== 'message-received' && event.type !== 'opted-out' && event.type !== 'opted-in')
    return null;
  const cause = replyCauseOf({ stream, revision, event });
  if (cause === null || dueReplyOf(event)?.messageId !== messageId || event.personal === undefined)
    return null;
  const { projectId, appId, contactId, channel, processingMode } = event.data;
  return {
    id: deriveId(messageStream(messageId), 'accepted'),
    type: 'message-accepted',
    version: 1,
    data: {
      projectId,
      appId,
      messageId,
      kind: 'REPLY',
      contentType: 'CONTENT_UNKNOWN',
      recipients: [{ channel, contactId }],
      cause,
      expiresAt: new Date(Date.parse(cause.at) + REPLY_LIFETIME_MS).toISOString(),
      processingMode,
      overrideEndpointId: null,
      requestHash: null,
      bodyVersion: 1,
    },
    personal: {
      identities: [event.personal.identity],
      sender: event.personal.sender,
      message: { text_message: { text: event.personal.replyText ?? '' } },
      metadata: '',
      correlationId: '',
    },
    meta: {
      recordedAt: event.meta.recordedAt,
      occurredAt: event.meta.recordedAt,
      actor: { type: 'system' },
      causationId: event.id,
      correlationId: event.meta.correlationId ?? event.id,
    },
  };
}

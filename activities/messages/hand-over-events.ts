import type { HandOverOutcome } from '../../channels/channel.js';
import type {
  MessageAccepted,
  MessageEvent,
  MessageFailedReason,
  MessageHandingOver,
  NotSentClass,
  ProviderError,
} from '../../domain/events/events.js';
import { deriveId } from '../../ledger/event-ids.js';
import type { MessagePlan } from './hand-over-types.js';
import type { MessageReading } from './message-reading.js';

/** An intent as it stands in the ledger; its outcome is appended after it. */
export interface Intent {
  readonly stream: string;
  readonly accepted: MessageAccepted;
  readonly revision: number;
  readonly recordedAt: string;
  readonly attempt: number;
}

type Meta = MessageEvent['meta'];
type Ids = Pick<MessageAccepted['data'], 'projectId' | 'appId' | 'messageId'>;

const idsOf = ({ data: { projectId, appId, messageId } }: MessageAccepted): Ids => ({
  projectId,
  appId,
  messageId,
});

function metaOf(accepted: MessageAccepted, recordedAt: string): Meta {
  const correlationId = accepted.meta.correlationId ?? accepted.id;
  return {
    recordedAt,
    occurredAt: recordedAt,
    actor: { type: 'system' },
    causationId: accepted.id,
    correlationId,
  };
}

/** Makes the event that comes first where the message has no stream yet: a reply's `message-accepted`. */
export function openingEvents(reading: MessageReading, recordedAt: string): MessageEvent[] {
  if (reading.last !== null) return [];
  const { accepted } = reading;
  return [{ ...accepted, meta: { ...accepted.meta, recordedAt, occurredAt: recordedAt } }];
}

/**
 * Makes the event that says that a hand-over begins.
 * @param id fresh for every hand-over: a twin's append of the same plan must conflict, not pass as a repeat
 */
export function intentEvent(
  reading: MessageReading,
  plan: MessagePlan,
  {
    id,
    recordedAt,
    channelType,
  }: { readonly id: string; readonly recordedAt: string; readonly channelType: string },
): MessageHandingOver {
  return {
    id,
    type: 'message-handing-over',
    version: 1,
    data: { ...idsOf(reading.accepted), attempt: plan.attempt, permit: plan.permit, channelType },
    meta: metaOf(reading.accepted, recordedAt),
  };
}

type TakenOutcome = Extract<HandOverOutcome, { outcome: 'taken' }>;

/** Makes the event that the channel has the message; what it reported in the same answer follows. */
export function dispatchedEvents(intent: Intent, taken: TakenOutcome, recordedAt: string): MessageEvent[] {
  const { accepted, stream, attempt } = intent;
  const common = { version: 1, meta: metaOf(accepted, recordedAt) } as const;
  const at = [String(intent.revision), String(attempt)];
  return [
    {
      ...common,
      id: deriveId(stream, 'dispatched', ...at),
      type: 'message-dispatched',
      data: {
        ...idsOf(accepted),
        attempt,
        recipientIndex: 0,
        handedOverAt: taken.handedOverAt,
        ...(taken.providerMessageId === undefined ? {} : { providerMessageId: taken.providerMessageId }),
        bodyVersion: 1,
      },
    },
    ...taken.reports.map((status): MessageEvent => ({
      ...common,
      id: deriveId(stream, 'reported', status, ...at),
      type: 'message-reported',
      data: { ...idsOf(accepted), status, reason: null, bodyVersion: 1 },
    })),
  ];
}

/** Makes the event that the message was surely not taken. `retryAt` is RFC 3339; null means at once (stale) or never. */
export function notSentEvent(
  intent: Intent,
  notSent: { readonly class: NotSentClass; readonly retryAt: string | null },
  recordedAt: string,
): MessageEvent {
  const { accepted, stream, revision, attempt } = intent;
  return {
    id: deriveId(stream, 'not-sent', String(revision), String(attempt)),
    type: 'message-not-sent',
    version: 1,
    data: { ...idsOf(accepted), attempt, ...notSent },
    meta: metaOf(accepted, recordedAt),
  };
}

const DESCRIPTIONS: Readonly<Record<MessageFailedReason, string>> = {
  DELIVERY_TIMED_OUT:
    'The channel may have taken the message; it was not repeated, so that nobody gets it twice',
  MESSAGE_EXPIRED: 'The time to live ended before the channel took the message',
  CHANNEL_REJECT: 'The channel refused the message',
  CHANNEL_CONFIGURATION_MISSING: 'The app has no channel that could take the message',
  CHANNEL_BAD_CONFIGURATION: 'The channel refused the configuration of the app',
  RECIPIENT_NOT_OPTED_IN: 'The provider holds the recipient on its own list of people who opted out',
  UNKNOWN_APP: 'The app was deleted before the message was handed over',
  superseded: 'A later change of consent overtook this reply',
  expired: 'More than five minutes passed since what this reply answers',
  restored:
    'The ledger was restored from a backup; whether the message was sent is not known, so it is not sent again',
  'reply-restored': 'The ledger was restored from a backup after what this reply answers',
};

/** Says why a message failed; without a description the reason's own is taken. */
export interface Failure {
  readonly reason: MessageFailedReason;
  readonly description?: string;
  readonly providerError?: ProviderError;
}

/** Makes the event that ends a message which was not taken, or of which we do not know whether it was. */
export function failedEvent(
  message: Pick<Intent, 'stream' | 'accepted' | 'attempt'>,
  failed: Failure,
  recordedAt: string,
): MessageEvent {
  const { accepted, stream, attempt } = message;
  const { reason, description = DESCRIPTIONS[reason], providerError } = failed;
  return {
    id: deriveId(stream, 'failed'),
    type: 'message-failed',
    version: 1,
    data: {
      ...idsOf(accepted),
      ...{ attempt, reason, description },
      ...(providerError === undefined ? {} : { providerError }),
      bodyVersion: 1,
    },
    meta: metaOf(accepted, recordedAt),
  };
}

/** Makes the event that the lists forbid the message; the channel is never called. */
export function blockedEvent(
  reading: MessageReading,
  plan: Extract<MessagePlan, { action: 'block' }>,
  recordedAt: string,
): MessageEvent {
  const { permit, listType, recipientIndex, decidedBy, mode, notifyOptOut } = plan;
  const { contentType } = reading.accepted.data;
  return {
    id: deriveId(reading.stream, 'blocked'),
    type: 'message-blocked',
    version: 1,
    data: {
      ...idsOf(reading.accepted),
      ...{ permit, listType, recipientIndex, decidedBy, mode, notifyOptOut, contentType },
      bodyVersion: 1,
    },
    meta: metaOf(reading.accepted, recordedAt),
  };
}

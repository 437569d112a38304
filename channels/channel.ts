import type { NotSentClass, ProviderError, ReportStatus } from '../domain/events/events.js';
import type { ContentType } from '../domain/lists.js';

/** One message for one recipient, as a channel sees it. */
export interface OutboundMessage {
  readonly messageId: string;
  readonly projectId: string;
  readonly appId: string;
  readonly kind: 'MESSAGE' | 'REPLY';
  readonly channel: string;
  readonly identity: string;
  readonly sender: string;
  /** Text of a text message; other kinds as their JSON. */
  readonly text: string;
  /** AppMessage of the Sinch Conversation API, e.g. `{text_message: {text}}`. */
  readonly message: Readonly<Record<string, unknown>>;
  readonly contentType: ContentType;
  /** 1 for the first hand-over. */
  readonly attempt: number;
}

/** What became of a hand-over. `unknown` means that the request may have been taken. */
export type HandOverOutcome =
  | {
      readonly outcome: 'taken';
      readonly handedOverAt: string;
      readonly reports: readonly ReportStatus[];
      /** The provider's own id of the message. */
      readonly providerMessageId?: string;
    }
  | {
      readonly outcome: 'not-taken';
      readonly class: Exclude<NotSentClass, 'stale'>;
      readonly retryAfterMs: number | null;
    }
  | {
      readonly outcome: 'failed';
      readonly reason: 'CHANNEL_REJECT' | 'CHANNEL_BAD_CONFIGURATION' | 'RECIPIENT_NOT_OPTED_IN';
      readonly description: string;
      readonly providerError?: ProviderError;
    }
  | { readonly outcome: 'unknown' };

/**
 * A hand-over for which everything slow is done; it holds a slot of the channel's concurrency limit. Exactly one of the two
 * functions is called.
 */
export interface PreparedHandOver {
  /**
   * Takes the hand-over time and starts the call in the same synchronous turn; never throws synchronously. The
   * slot goes back when the call ends.
   */
  begin(): Promise<HandOverOutcome>;
  /** Gives the slot back when the call is not to be made after all; harmless after `begin`. */
  release(): void;
}

/** A way for messages to leave. Errors of the provider are outcomes; only our own faults are thrown. */
export interface Channel {
  /** True when an unknown outcome may be repeated under the same idempotency key. */
  readonly idempotent: boolean;
  prepare(message: OutboundMessage): Promise<PreparedHandOver>;
}

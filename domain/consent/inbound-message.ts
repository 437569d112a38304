import type { ProviderOptOut } from '../events/events.js';

/** What a person wrote, verified and read, whoever brought it. */
export interface InboundMessage {
  readonly provider: string;
  readonly providerMessageId: string;
  readonly channel: string;
  /** Who wrote: as the provider gave it, at most 128 characters, until it is recorded; see identity.ts. */
  readonly identity: string;
  /** The number that was written to. */
  readonly sender: string;
  /** Absent for whatever is no text: that is recorded and told on, never matched. */
  readonly text?: string;
  /** `contact_message` of the wire where it is no text. */
  readonly content?: Readonly<Record<string, unknown>>;
  readonly metadata?: string;
  /** What the provider's own opt-out handling took the text for. */
  readonly providerOptOut?: ProviderOptOut;
  /** True for what the customer's own people put into a conversation: not the person's word. */
  readonly injected?: boolean;
  /** RFC 3339 by the provider's clock. */
  readonly receivedAt?: string;
}
